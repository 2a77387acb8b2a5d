import { hash as digest, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return await hash(password, argon2id);
}

/** A hash of nothing that anybody knows: checking against it takes as long as a real check. */
let decoy: Promise<string> | undefined;

/** Whether `password` fits; takes as long where there is no account, so that answers don't tell which addresses have one. */
export async function passwordFits(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const fits = await verify(passwordHash ?? (await decoy), password);
  return fits && typeof passwordHash === 'string';
}

/** 256 random bits behind a prefix that secret scanners can look for. */
export function newToken(): string {
  return `topk_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token. A plain hash is enough: 256 random bits can't be guessed from it. */
export function tokenHash(token: string): Buffer<ArrayBuffer> {
  // In one call: a hash object costs three times as much, on every request.
  return Buffer.from(digest('sha256', token, 'base64'), 'base64');
}
