import { quote } from '../scoring/report.ts';
import { refuse } from './refusal.ts';

const maxNamed = 5;

/**
 * Which of an archive's files is started: main.py or main.ipynb at its top, else the only .py or .ipynb there.
 * @throws CodeRefused for none and for several
 */
export function entryPoint(paths: readonly string[]): string {
  const candidates = paths.filter((path) => /^[^/]+\.(py|ipynb)$/i.test(path));
  const main = candidates.filter((path) => path === 'main.py' || path === 'main.ipynb');
  const [entry, second] = main.length > 0 ? main : candidates;
  if (entry === undefined) {
    const found = paths.length === 0 ? 'It is empty.' : `Found ${listed(paths)}.`;
    throw refuse('no-entry-point', `The archive has no main.py or main.ipynb at its top. ${found}`);
  }
  if (second !== undefined) {
    const many = main.length > 0 ? main : candidates;
    const remedy = main.length > 0 ? 'Send one of them.' : 'Name the one to start main.py or main.ipynb.';
    throw refuse('entry-points', `Several files could be started: ${listed(many)}. ${remedy}`, second);
  }
  // It becomes an argument of a command.
  if (entry.startsWith('-')) throw refuse('bad-name', `${quote(entry)} begins with a hyphen. Name it main.py.`, entry);
  return entry;
}

function listed(paths: readonly string[]): string {
  const named = paths.slice(0, maxNamed).map(quote).join(', ');
  return paths.length > maxNamed ? `${named} and ${paths.length - maxNamed} more` : named;
}
