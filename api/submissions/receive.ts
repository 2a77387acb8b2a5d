import type { FastifyRequest } from 'fastify';
import type { Blob, BlobStore } from '../../core/blobs/store.ts';
import type { SubmissionKind } from '../../core/contract/runs.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { AppError } from '../errors.ts';
import { receiveFiles, type ReceivedFile } from '../http/upload.ts';
import { kindOfSent } from './sent.ts';

/** What a student sent: a file, and with code perhaps the predictions that it made. */
export interface ReceivedSubmission {
  readonly kind: SubmissionKind;
  readonly file: ReceivedFile;
  readonly claimed: Blob | undefined;
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
  const drafts = { file: blobs.scratch(true), predictions: blobs.scratch(true) };
  const filled: (keyof typeof drafts)[] = [];
  const sinkFor = (field: string) => {
    const slot = field === 'predictions' ? 'predictions' : 'file';
    if (filled.includes(slot))
      throw new AppError('validation-failed', 'Send one file at a time, and with code the predictions that it made.');
    filled.push(slot);
    return drafts[slot];
  };
  return {
    receive: async (request, phase, { maxBytes, rawName }) => {
      const { files, fields } = await receiveFiles(request, sinkFor, { maxBytes, maxFiles: 2 }, rawName);
      const received = new Map(filled.map((slot, index) => [slot, files[index]]));
      // A form's only file is the submission, whatever its field is called.
      const main = received.get('file') === undefined ? 'predictions' : 'file';
      const file = received.get(main);
      if (file === undefined)
        throw new AppError(
          'file-missing',
          'The form holds no file. Send one in the field "file": curl -F file=@predictions.csv …',
        );
      const kind = await kindOfSent(phase, { ...file, path: drafts[main].path });
      const claimed = main === 'file' ? received.get('predictions') : undefined;
      if (claimed) requireClaimable(phase, kind);
      return {
        kind,
        file,
        claimed: claimed?.blob,
        fields,
        keep: async () => {
          await drafts[main].keep();
          if (claimed) await drafts.predictions.keep();
        },
      };
    },
    discard: async () => {
      await Promise.all([drafts.file.discard(), drafts.predictions.discard()]);
    },
  };
}

function requireClaimable({ title, accepts }: FullPhase, kind: SubmissionKind): void {
  if (kind === 'predictions')
    throw new AppError('validation-failed', 'Predictions go in the field "file", or beside code in "predictions".');
  if (!accepts.includes('predictions'))
    throw new AppError('kind-not-accepted', `"${title}" scores what the code itself writes. Send the code alone.`);
}
