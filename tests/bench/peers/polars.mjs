// Polars on all cores: the key is a frame in memory; ids are joined, checks and counts are expressions.
import pl from 'nodejs-polars';
import { runPeer } from './run-peer.mjs';

await runPeer(async ({ key: keyFile, k, classes }) => {
  const key = pl
    .readCSV(keyFile, { schema: { id: pl.Utf8, label: pl.Int16, Usage: pl.Utf8 } })
    .select(pl.col('id'), pl.col('label').alias('truth'), pl.col('Usage').eq(pl.lit('Public')).alias('public'))
    .withRowIndex('row');
  const total = key.height;
  const labels = Array.from({ length: k }, (_, i) => (k === 1 ? 'label' : `label_${i + 1}`));
  const schema = { id: pl.Utf8, ...Object.fromEntries(labels.map((name) => [name, pl.Int16])) };
  const all = (parts) => parts.reduce((a, b) => a.and(b));
  const good = all(
    labels.flatMap((a, i) => [
      pl.col(a).gtEq(pl.lit(0)),
      pl.col(a).lt(pl.lit(classes)),
      ...labels.slice(i + 1).map((b) => pl.col(a).neq(pl.col(b))),
    ]),
  );
  const best = pl.col(labels[0]).eq(pl.col('truth'));
  const any = labels.map((name) => pl.col(name).eq(pl.col('truth'))).reduce((a, b) => a.or(b));
  const count = (expression, name) => expression.cast(pl.UInt32).sum().alias(name);
  return async (file) => {
    const given = pl.readCSV(file, { schema });
    const found = given
      .join(key, { on: 'id', how: 'inner' })
      .select(
        pl.col('row').count().alias('matched'),
        pl.col('row').nUnique().alias('different'),
        count(good, 'good'),
        count(pl.col('public'), 'publicRows'),
        count(best.and(pl.col('public')), 'p1'),
        count(best, 'a1'),
        count(any.and(pl.col('public')), 'p5'),
        count(any, 'a5'),
      )
      .toRecords()[0];
    const { matched, different, good: fine, publicRows, p1, a1, p5, a5 } = found;
    if (given.height !== total || matched !== total || different !== total || fine !== total)
      throw new Error(`refused: ${JSON.stringify(found)}`);
    return { rows: [publicRows, total - publicRows], top1: [p1, a1 - p1], top5: [p5, a5 - p5] };
  };
});
