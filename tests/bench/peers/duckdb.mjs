// DuckDB on all cores: the key is a table in memory, a file is read, joined and counted by one query, with the same checks.
import { DuckDBInstance } from '@duckdb/node-api';
import { runPeer } from './run-peer.mjs';

await runPeer(async ({ key, k, classes }) => {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run(`create table key as select id, label::smallint as label, Usage = 'Public' as public
    from read_csv('${key}', header = true, columns = { id: 'varchar', label: 'smallint', Usage: 'varchar' })`);
  const total = Number((await rows(db, 'select count(*) from key'))[0][0]);
  const labels = Array.from({ length: k }, (_, i) => (k === 1 ? 'label' : `label_${i + 1}`));
  const types = ["id: 'varchar'", ...labels.map((name) => `${name}: 'smallint'`)].join(', ');
  const inRange = labels.map((name) => `p.${name} between 0 and ${classes - 1}`).join(' and ');
  const distinct = labels.flatMap((a, i) => labels.slice(i + 1).map((b) => `p.${a} <> p.${b}`)).join(' and ') || 'true';
  const best = `p.${labels[0]} = key.label`;
  const any = labels.map((name) => `p.${name} = key.label`).join(' or ');
  return async (file) => {
    const [found] = await rows(
      db,
      `
      select (select count(*) from p) as given, count(*) as matched, count(distinct key.rowid) as different,
        count(*) filter (${inRange} and ${distinct}) as good,
        count(*) filter (key.public), count(*) filter (not key.public),
        count(*) filter (key.public and ${best}), count(*) filter (not key.public and ${best}),
        count(*) filter (key.public and (${any})), count(*) filter (not key.public and (${any}))
      from p join key using (id)`.replace(
        'select (select',
        `with p as materialized (
        select * from read_csv('${file}', header = true, auto_detect = false, columns = { ${types} })) select (select`,
      ),
    );
    const [given, matched, different, good, publicRows, privateRows, p1, q1, p5, q5] = found.map(Number);
    if (given !== total || matched !== total || different !== total || good !== total)
      throw new Error(`refused: ${found}`);
    return { rows: [publicRows, privateRows], top1: [p1, q1], top5: [p5, q5] };
  };
});

async function rows(db, sql) {
  return (await db.runAndReadAll(sql)).getRows();
}
