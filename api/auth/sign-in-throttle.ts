import { AppError } from '../errors.ts';
import { createSlots } from '../http/slots.ts';

/** Slows down who guesses passwords or codes, per api process. Nothing here depends on whether an address has an account. */
export interface SignInThrottle {
  /**
   * Checks a password by `fits`, unless too many were wrong lately.
   * @throws AppError too-many-requests, before `fits` is called
   */
  attempt(from: { readonly ip: string; readonly email: string }, fits: () => Promise<boolean>): Promise<boolean>;
}

const windowMs = 15 * 60_000;
const keepAtMost = 50_000;
/** Most guesses come from one place at one address. Whole classes share an IP behind a campus router, and a crowd can try one address. */
const mostWrong = { pair: 10, ip: 1000, email: 100 };
const maxAtOnce = 3;

/** @param what is counted, as the refusal calls it */
export function createSignInThrottle(what: string, now: () => number = () => performance.now()): SignInThrottle {
  const wrong = new Map<string, { count: number; until: number }>();
  // Each check takes 19 MiB and a thread for some 30 ms, also of who has the right password.
  const slots = createSlots<string>(maxAtOnce, 'sign-ins');

  const current = (key: string) => {
    const known = wrong.get(key);
    if (known && known.until > now()) return known;
    wrong.delete(key);
    const [oldest] = wrong.keys();
    if (wrong.size >= keepAtMost && oldest !== undefined) wrong.delete(oldest);
    const fresh = { count: 0, until: now() + windowMs };
    wrong.set(key, fresh);
    return fresh;
  };

  return {
    attempt: async ({ ip, email }, fits) => {
      const counted = [
        { entry: current(`pair ${ip} ${email}`), most: mostWrong.pair },
        { entry: current(`ip ${ip}`), most: mostWrong.ip },
        { entry: current(`email ${email}`), most: mostWrong.email },
      ];
      const full = counted.filter(({ entry, most }) => entry.count >= most).map(({ entry }) => entry.until);
      if (full.length > 0) throw tooMany(what, Math.max(...full) - now());
      const leave = slots.take(email);
      // Counted before it is checked, so that guesses at the same time count as well.
      for (const { entry } of counted) entry.count++;
      let forgiven = true;
      try {
        const right = await fits();
        forgiven = right;
        return right;
      } finally {
        if (forgiven) for (const { entry } of counted) entry.count--;
        leave();
      }
    },
  };
}

function tooMany(what: string, leftMs: number): AppError {
  const minutes = Math.ceil(leftMs / 60_000);
  return new AppError(
    'too-many-requests',
    `Too many ${what}. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}; where you are signed in already, you stay so.`,
    { retryAfterS: leftMs / 1000 },
  );
}
