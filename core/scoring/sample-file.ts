import { createIdPacker, type PackedIds } from './packed-ids.ts';
import { createRecordStream, type RecordStream } from './record-stream.ts';
import { createReport, type FileReport } from './report.ts';
import { decodeText } from './utf8.ts';

/** What a sample submission fixes: the columns and the order of the ids. Its first column is the id. */
export type SampleOrder = { columns: string[]; ids: PackedIds };
export type SampleResult = { kind: 'read'; sample: SampleOrder } | { kind: 'rejected'; report: FileReport };

export type SampleReader = Omit<RecordStream, 'finish'> & { finish(): SampleResult };

/** Reads `sample_submission.csv`, whose row order is the row order of arrays. */
export function createSampleReader(maxBytes: number): SampleReader {
  const report = createReport();
  const ids = createIdPacker();
  let columns: string[] | undefined;
  const stream = createRecordStream(maxBytes, report, (field, fields, line) => {
    if (columns === undefined) {
      columns = Array.from({ length: fields }, (_, i) => {
        const { bytes, from, to } = field(i);
        return decodeText(bytes, from, to);
      });
      return 'more';
    }
    const { bytes, from, to } = field(0);
    if (to === from) report.add('empty-id', { line }, () => 'The id is empty in the sample submission.');
    else ids.append(bytes, from, to);
    return 'more';
  });
  return {
    push: stream.push,
    fail: stream.fail,
    tooLarge: stream.tooLarge,
    finish() {
      stream.finish();
      if (report.count() === 0 && ids.count() === 0)
        report.add('no-rows', {}, () => 'The sample submission holds no rows.');
      if (report.count() > 0 || columns === undefined) return { kind: 'rejected', report: report.report() };
      return { kind: 'read', sample: { columns, ids: ids.finish() } };
    },
  };
}
