import { createHash } from 'node:crypto';

/** Whose a container or volume is. All that Topk makes carries these; what carries none is never touched. */
export interface Owner {
  /** One database's workers: those of others share the daemon, perhaps, and their things are not ours. */
  readonly installation: string;
  readonly worker: string;
  /** One executor's life: what carries another session of the same worker was left by an earlier life. */
  readonly session: string;
}

export const labelOf = {
  installation: 'topk.installation',
  worker: 'topk.worker',
  session: 'topk.session',
  kind: 'topk.kind',
  /** Under which name a run's containers and volumes were made. */
  shell: 'topk.shell',
  /** Seconds since 1970, by which the thing has to be gone. */
  deadline: 'topk.deadline',
} as const;

/** A run's containers and volumes go with their worker; the input sets stay for all workers of the installation. */
export type Kind = 'run' | 'inputs';

export function labelsFor(owner: Owner, kind: Kind, deadline: Date): Record<string, string> {
  return {
    [labelOf.installation]: owner.installation,
    [labelOf.worker]: owner.worker,
    [labelOf.session]: owner.session,
    [labelOf.kind]: kind,
    [labelOf.deadline]: String(Math.ceil(deadline.getTime() / 1000)),
  };
}

/** The name of a run's container: of two installations on one daemon each has its own, though their workers and submissions be named alike. */
export function runName(installation: string, name: string): string {
  return `topk-${createHash('sha256').update(installation).digest('hex').slice(0, 8)}-${nameable(name)}`;
}

/** What may stand in a container's name. */
export function nameable(text: string): string {
  return text.replace(/[^a-zA-Z0-9_.-]/g, '-').slice(0, 100);
}

export function isOverdue(labels: Readonly<Record<string, string>>, now: Date): boolean {
  const deadline = Number(labels[labelOf.deadline] ?? 'NaN');
  return deadline * 1000 < now.getTime();
}
