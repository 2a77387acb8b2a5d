import type { z } from 'zod';
import type { kaggleCreateSubmission } from '../../core/contract/kaggle-submissions.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import type { Principal } from '../auth/principals.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { partsOf } from '../competitions/parts.ts';
import { AppError } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { findRepeated } from '../submissions/admit.ts';
import { allowanceOf, type Usage } from '../submissions/allowance.ts';
import { check } from '../submissions/check.ts';
import { openSending, requireAdmissible, take, type Sending } from '../submissions/sending.ts';
import { kindOfSent } from '../submissions/sent.ts';
import { accessNamed } from './access.ts';
import { fileOf, findPending, type Pending } from './pending.ts';

type Asked = z.output<typeof kaggleCreateSubmission.schema.body>;
type Answer = z.input<(typeof kaggleCreateSubmission.schema.response)[200]>;

/** As long as our own uploads may take: what is submitted within it counts from when it was begun, however long the file was on its way. */
const countsFromStartMs = 10 * 60_000;

/**
 * Submits a file that was put here. What scoring would reject is refused before, with its errors: the client shows them now and nowhere else.
 * @throws AppError for what keeps it from being taken
 */
export async function create(
  services: Services,
  principal: Principal,
  { competitionName, blobFileTokens, submissionDescription, sandbox }: Asked,
  askedAt: Date,
): Promise<Answer> {
  const { competition, isStaff } = await accessNamed(services, principal, competitionName);
  if (sandbox && !isStaff)
    throw new AppError('validation-failed', 'Only staff submit without being counted. Leave --sandbox out.');
  const pending = await findPending(services, [blobFileTokens].flat()[0] ?? '');
  if (pending?.userId !== principal.userId || pending.competitionSlug !== competition.slug)
    throw new AppError('validation-failed', 'The uploaded file is not here (any more). Submit it again.');
  const file = fileOfPending(pending);
  const sending = await openSending(services, principal, { slug: competition.slug, phase: pending.phaseSlug });
  const idempotencyKey = `kaggle-${pending.tokenHash.toString('hex')}`;
  const earlier = await findRepeated(services.db.pool, { teamId: sending.teamId, idempotencyKey });
  if (earlier?.fileHash === file.blob.hash)
    return { ref: earlier.admitted.submissionId, message: messageOf(sending, earlier.admitted.submissionId) };
  if (earlier) throw new AppError('validation-failed', 'Another file was submitted with this upload. Submit it anew.');
  const wasQuick = askedAt.getTime() - pending.startedAt.getTime() <= countsFromStartMs;
  const receivedAt = wasQuick ? pending.startedAt : askedAt;
  await requireAdmissible(services, sending, receivedAt);
  const { part, note } = split(sending.phase, submissionDescription, isStaff);
  const { keep, path } = fileOf(services, pending, file.blob.hash);
  const kind = await here(async () => {
    await requireSound(services, sending, { ...file, path });
    return await kindOfSent(sending.phase, { ...file, path });
  });
  const sent = { kind, file, claimed: undefined, attachments: [], keep, part, note, receivedAt, idempotencyKey };
  const { row, usage } = await here(async () => await take(services, sending, sent));
  return { ref: row.id, message: messageOf(sending, row.id, usage) };
}

function fileOfPending({ hash, bytes, fileName: name }: Pending): ReceivedFile {
  if (hash !== null && bytes !== null) return { blob: { hash, bytes }, name };
  throw new AppError('validation-failed', 'The file has not arrived here. Submit it again.');
}

/** Another file may be put in the place of this one meanwhile, which is then gone. */
async function here<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new AppError('validation-failed', 'Another file was put in the place of this one. Submit it again.', {});
    throw error;
  }
}

/** @throws AppError validation-failed with what is wrong with the file */
async function requireSound(
  services: Services,
  { competition, phase }: Sending,
  file: ReceivedFile & { path: string },
): Promise<void> {
  // Staff may try code out in a phase that can't score yet.
  if (phase.answerKey === null) return;
  const { valid, errors, moreErrors } = await check(services, competition, phase, file);
  if (valid) return;
  const more = moreErrors > 0 ? ` And ${moreErrors.toLocaleString('en-US')} more.` : '';
  throw new AppError('validation-failed', `${file.name}: ${errors.map(inWords).join(' ')}${more} Nothing was charged.`);
}

function inWords({ line, row, column, path, message }: ProblemItem): string {
  const places = [
    line !== undefined && `line ${line}`,
    row !== undefined && `row ${row}`,
    column !== undefined && `column ${column}`,
    path,
  ].filter((place) => typeof place === 'string');
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return places.length === 0 ? sentence : `${places.join(', ')}: ${sentence}`;
}

/** The client has no field for the part of a phase: the message begins with it, in brackets. */
function split(phase: FullPhase, description: string, isStaff: boolean): { part: string | undefined; note: string } {
  const parts = partsOf(phase);
  if (parts.length === 0) return { part: undefined, note: description };
  const [all = '', part] = /^\s*\[([^\]]*)\]\s*/.exec(description) ?? [];
  if (parts.some(({ slug }) => slug === part)) return { part, note: description.slice(all.length) };
  if (isStaff && part === undefined) return { part: undefined, note: description };
  const choice = parts.map(({ slug, title }) => `[${slug}] for ${title}`).join(', ');
  throw new AppError('validation-failed', `Begin the message (-m) with the part that this is for: ${choice}.`);
}

function messageOf({ competition }: Sending, id: number, usage?: Usage): string {
  const { leftToday } = usage ? allowanceOf(usage) : { leftToday: null };
  const left = leftToday === null ? '' : `, ${leftToday} left today`;
  return `Successfully submitted to ${competition.title} (submission ${id}${left})`;
}
