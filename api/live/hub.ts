import { EventEmitter } from 'node:events';
import type { Change } from '../../core/contract/jobs.ts';

/** Hands the changes that this process hears of to whoever waits for them here. */
export interface ChangeHub {
  emit(change: Change): void;
  /** @returns a function that stops listening */
  onSubmission(submissionId: number, listener: () => void): () => void;
  /** A run of the submission has gone on. */
  onRun(submissionId: number, listener: () => void): () => void;
  /** Somebody's sessions, tokens or roles have changed, or a competition. */
  onAccess(listener: () => void): () => void;
  /** A board of the phase may look different. */
  onBoard(phaseId: number, listener: () => void): () => void;
}

export function createChangeHub(): ChangeHub {
  const emitter = new EventEmitter().setMaxListeners(0);
  const listen = (event: string, listener: () => void) => {
    emitter.on(event, listener);
    return () => {
      emitter.off(event, listener);
    };
  };
  return {
    emit: (change) => {
      if (change.kind === 'access') {
        emitter.emit('access');
        return;
      }
      if (change.kind === 'run') {
        emitter.emit(`run:${change.submissionId}`);
        return;
      }
      if (change.kind === 'board') {
        emitter.emit(`board:${change.phaseId}`);
        return;
      }
      emitter.emit(`submission:${change.submissionId}`);
      if (change.board) emitter.emit(`board:${change.phaseId}`);
    },
    onSubmission: (submissionId, listener) => listen(`submission:${submissionId}`, listener),
    onRun: (submissionId, listener) => listen(`run:${submissionId}`, listener),
    onAccess: (listener) => listen('access', listener),
    onBoard: (phaseId, listener) => listen(`board:${phaseId}`, listener),
  };
}
