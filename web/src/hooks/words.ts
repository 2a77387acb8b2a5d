import type { HookDelivery, HookEvent, HookFormat, SentEvent } from '../../../core/contract/hooks.ts';

export const eventWords: Readonly<Record<SentEvent, string>> = {
  'competition.opened': 'A competition opened',
  'submission.scored': 'A submission was scored',
  'grade.released': 'Grades were released',
  'run.failed': 'A run failed',
  test: 'A test',
};

export const eventChoices: readonly { readonly event: HookEvent; readonly description: string }[] = [
  { event: 'competition.opened', description: 'By the clock, for each phase' },
  { event: 'submission.scored', description: 'Each team’s, with its pseudonym and public score' },
  { event: 'grade.released', description: 'To how many students' },
  { event: 'run.failed', description: 'A student’s program, or our grader' },
];

export const formatChoices: readonly { readonly value: HookFormat; readonly label: string }[] = [
  { value: 'json', label: 'JSON, for a program' },
  { value: 'slack', label: 'Slack' },
  { value: 'discord', label: 'Discord' },
];

export const placeholders: Readonly<Record<HookFormat, string>> = {
  json: 'https://example.edu/topk',
  slack: 'https://hooks.slack.com/services/…',
  discord: 'https://discord.com/api/webhooks/…',
};

/** A format from a select; JSON where it is none. */
export function formatOf(value: string): HookFormat {
  return formatChoices.find((choice) => choice.value === value)?.value ?? 'json';
}

export const stateWords: Readonly<Record<HookDelivery['state'], string>> = {
  waiting: 'waiting',
  delivered: 'delivered',
  failed: 'given up',
};
