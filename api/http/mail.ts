import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';

/**
 * The settings of mail.
 * @throws mail-off where the server sends none
 */
export function requireMail({ mail }: Pick<Config, 'mail'>, instead: string): NonNullable<Config['mail']> {
  if (mail === undefined) throw new AppError('mail-off', `This server sends no mail. ${instead}`);
  return mail;
}
