import type { Competition } from '../../core/contract/competitions.ts';
import type { Phase } from '../../core/contract/phases.ts';
import { formatInZone } from '../http/zone.ts';

interface Page {
  readonly name: string;
  readonly content: string;
}

/** What a competition's page on the web says, as the pages of this protocol. */
export function pagesOf(competition: Competition): Page[] {
  const { description, phases, files, timeZone } = competition;
  return [
    { name: 'description', content: description },
    { name: 'evaluation', content: evaluation(competition) },
    { name: 'rules', content: phases.map((phase) => rules(phase, timeZone)).join('\n') },
    { name: 'data-description', content: files.map(({ name, bytes }) => `- ${name} (${bytes} bytes)\n`).join('') },
  ];
}

function evaluation({ primaryMetric, metrics }: Competition): string {
  const others = metrics.filter((metric) => metric !== primaryMetric);
  const also = others.length === 0 ? '' : ` Shown as well: ${others.join(', ')}.`;
  return `Ranked by ${primaryMetric}.${also}\n`;
}

function rules({ title, opensAt, dueAt, lateUntil, dailyLimit, totalLimit, mine, accepts }: Phase, timeZone: string) {
  const at = (instant: string) => formatInZone(new Date(instant), timeZone);
  const due = mine?.dueAt ?? dueAt;
  const late = mine?.lateUntil ?? lateUntil;
  const lines = [
    opensAt && `Opens ${at(opensAt)}.`,
    due ? `Due ${at(due)}.` : 'No deadline.',
    late && `Late submissions are taken until ${at(late)}.`,
    dailyLimit === null ? 'No limit of submissions per day.' : `${dailyLimit} submissions of a team per day.`,
    totalLimit !== null && `${totalLimit} submissions of a team in all.`,
    `Takes ${accepts.join(', ')}.`,
  ].filter((line) => typeof line === 'string');
  return `## ${title}\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
}
