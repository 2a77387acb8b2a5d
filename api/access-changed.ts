import type { Services } from './services.ts';

/** To be called after sessions, tokens, roles or competitions have changed: every api process forgets what it keeps of them. */
export function accessChanged({ principals, competitions, changes }: Services): void {
  principals.forget();
  competitions.forget();
  changes.send({ kind: 'access' });
}
