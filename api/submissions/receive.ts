import type { FastifyRequest } from 'fastify';
import type { Blob, BlobStore, Scratch } from '../../core/blobs/store.ts';
import type { SubmissionKind } from '../../core/contract/runs.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { AppError } from '../errors.ts';
import { receiveFiles, type ReceivedFile } from '../http/upload.ts';
import { attachmentFieldsOf, attachmentPrefix, requireAttachable, type ReceivedAttachment } from './attachments.ts';
import { kindOfSent } from './sent.ts';

/** What a student sent: a file, and with code perhaps the predictions that it made. */
export interface ReceivedSubmission {
  readonly kind: SubmissionKind;
  readonly file: ReceivedFile;
  readonly claimed: Blob | undefined;
  readonly attachments: readonly ReceivedAttachment[];
  readonly fields: ReadonlyMap<string, string>;
  /** Puts all of it to where files stay. */
  keep(): Promise<void>;
}

interface Reception {
  /** @throws AppError for what the phase does not take */
  receive(request: FastifyRequest, phase: FullPhase, bounds: Bounds): Promise<ReceivedSubmission>;
  /** Removes what was not kept. */
  discard(): Promise<void>;
}

interface Bounds {
  /** Of each file. */
  readonly maxBytes: number;
  readonly rawName: string | undefined;
}

export function openReception(blobs: BlobStore): Reception {
  const drafts = new Map<string, Scratch>();
  const draftFor = (field: string): Scratch => {
    const isNamed = field === 'predictions' || field.startsWith(attachmentPrefix);
    const slot = isNamed ? field : 'file';
    if (drafts.has(slot))
      throw new AppError('validation-failed', 'Send one file at a time, and with code the predictions that it made.');
    const draft = blobs.scratch(true);
    drafts.set(slot, draft);
    return draft;
  };
  return {
    receive: async (request, phase, { maxBytes, rawName }) => {
      const bounds = { maxBytes, maxFiles: 2 + attachmentFieldsOf(phase).length };
      const { files, fields } = await receiveFiles(request, draftFor, bounds, rawName);
      const received = new Map<string, Draft>();
      for (const [index, [slot, draft]] of [...drafts].entries()) {
        const file = files[index];
        if (file !== undefined) received.set(slot, { ...file, draft });
      }
      // A form's only file is the submission, whatever its field is called.
      const main = received.get('file') ?? received.get('predictions');
      if (main === undefined)
        throw new AppError(
          'file-missing',
          'The form holds no file. Send one in the field "file": curl -F file=@predictions.csv …',
        );
      for (const [name, text] of fields)
        if (name.startsWith(attachmentPrefix)) received.set(name, await putText(draftFor(name), name, text));
      const file = { name: main.name, blob: main.blob };
      const kind = await kindOfSent(phase, { ...file, path: main.draft.path });
      const claimed = received.has('file') ? received.get('predictions') : undefined;
      if (claimed) requireClaimable(phase, kind);
      const attachments: ReceivedAttachment[] = [];
      for (const [slot, { name, blob, draft }] of received) {
        if (!slot.startsWith(attachmentPrefix)) continue;
        const sent = { field: slot.slice(attachmentPrefix.length), name, blob, path: draft.path };
        attachments.push(await requireAttachable(attachmentFieldsOf(phase), sent));
      }
      return {
        kind,
        file,
        claimed: claimed?.blob,
        attachments,
        fields,
        keep: async () => {
          for (const { draft } of received.values()) await draft.keep();
        },
      };
    },
    discard: async () => {
      await Promise.all([...drafts.values()].map(async (draft) => await draft.discard()));
    },
  };
}

interface Draft extends ReceivedFile {
  readonly draft: Scratch;
}

async function putText(draft: Scratch, name: string, text: string): Promise<Draft> {
  const outcome = await draft.put(once(Buffer.from(text)), Infinity);
  if (outcome.kind !== 'stored') throw new Error('a text was too large for a limit that there is not');
  return { name, blob: outcome.blob, draft };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function requireClaimable({ title, accepts }: FullPhase, kind: SubmissionKind): void {
  if (kind === 'predictions')
    throw new AppError('validation-failed', 'Predictions go in the field "file", or beside code in "predictions".');
  if (!accepts.includes('predictions'))
    throw new AppError('kind-not-accepted', `"${title}" scores what the code itself writes. Send the code alone.`);
}
