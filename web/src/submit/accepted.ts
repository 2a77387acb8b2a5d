import type { SubmissionKind } from '../../../core/contract/runs.ts';

/** What a phase takes, as the object of a verb: `predictions or code`. */
export function acceptedWords(accepts: readonly SubmissionKind[]): string {
  return accepts.length < 2 ? (accepts[0] ?? 'file') : `${accepts.slice(0, -1).join(', ')} or ${accepts.at(-1)}`;
}

/** What the way to the submit page is called: short, since it is a button. */
export function submitLabel(accepts: readonly SubmissionKind[]): string {
  const [only, another] = accepts;
  if (only === undefined || another !== undefined) return 'Submit';
  return only === 'notebook' ? 'Submit a notebook' : `Submit ${only}`;
}

/** Which files those are. */
export function acceptedFiles(accepts: readonly SubmissionKind[]): string {
  const [code, notebook] = [accepts.includes('code'), accepts.includes('notebook')];
  const entry = [...(code ? ['main.py'] : []), ...(notebook ? ['main.ipynb'] : [])].join(' or ');
  const files = [
    ...(accepts.includes('predictions') ? ['Predictions as CSV or NumPy (.npy), also gzipped'] : []),
    ...(code ? ['a Python script (.py)'] : []),
    ...(notebook ? ['a notebook (.ipynb)'] : []),
    ...(code || notebook ? [`a .zip with ${entry} at its top`] : []),
  ];
  const text = files.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
