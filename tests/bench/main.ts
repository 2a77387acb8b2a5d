import { createReport, type Report } from './report.ts';

/** Loaded when wanted: a suite may need packages that only benches use. */
const suites: Readonly<Record<string, () => Promise<(report: Report) => Promise<void>>>> = {
  scoring: async () => (await import('./scoring.ts')).benchScoring,
  submissions: async () => (await import('./submissions.ts')).benchSubmissions,
  board: async () => (await import('./board.ts')).benchBoard,
  upload: async () => (await import('./upload.ts')).benchUpload,
  runs: async () => (await import('./runs.ts')).benchRuns,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(
    `There is no bench ${unknown.join(', ')}: take some of ${Object.keys(suites).join(', ')}, or none for all.`,
  );
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const report = createReport((line) => console.log(line));
for (const [name, open] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const suite = await open();
  await suite(report);
}
report.print();
