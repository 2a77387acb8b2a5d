import type { HookFormat } from '../contract/hooks.ts';
import { discordText, slackText } from './chat-text.ts';
import type { Told } from './told.ts';

interface Message {
  readonly told: Told;
  readonly format: HookFormat;
  /** When it happened. */
  readonly at: Date;
  /** Where the pages are; undefined: no links. */
  readonly publicUrl: string | undefined;
}

/** The body of what is sent: the same, to the byte, for every attempt. */
export function messageBody({ told, format, at, publicUrl }: Message): string {
  const link = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/$/, '')}${pathOf(told)}`;
  switch (format) {
    case 'json':
      return JSON.stringify({
        type: told.event,
        timestamp: at.toISOString(),
        data: { ...told.data, ...(link !== undefined && { url: link }) },
      });
    case 'slack':
      return JSON.stringify(slackMessage(sentenceOf(told, slackText), link));
    case 'discord':
      return JSON.stringify({
        content: link === undefined ? sentenceOf(told, discordText) : `${sentenceOf(told, discordText)}\n<${link}>`,
        // Nobody is mentioned, and no link shows a preview, whatever the text is.
        allowed_mentions: { parse: [] },
        flags: 4,
      });
  }
}

/** Plain text: Slack finds no mention, link or mark-up in it. The link is ours. */
function slackMessage(sentence: string, link: string | undefined) {
  return {
    text: sentence,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: sentence, emoji: false } },
      ...(link === undefined
        ? []
        : [{ type: 'context', elements: [{ type: 'mrkdwn', text: `<${link}|Open in Topk>`, verbatim: true }] }]),
    ],
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

function pathOf(told: Told): string {
  if (told.event === 'test') return `/courses/${told.data.course.slug}/hooks`;
  const { competition, phase } = told.data;
  const query = `?phase=${phase.slug}`;
  switch (told.event) {
    case 'competition.opened':
      return `/competitions/${competition.slug}${query}`;
    case 'submission.scored':
    case 'run.failed':
      return `/competitions/${competition.slug}/submissions/${told.data.submission.id}${query}`;
    case 'grade.released':
      return `/competitions/${competition.slug}/grades${query}`;
  }
}

/** One line for a chat. @param quoted makes text that people wrote harmless there */
function sentenceOf(told: Told, quoted: (text: string) => string): string {
  switch (told.event) {
    case 'competition.opened': {
      const { dueAt, course } = told.data;
      const due = dueAt === null ? '' : ` It is due ${inZone(dueAt, course.timeZone)}.`;
      return `${placeOf(told.data, quoted)} is open.${due}`;
    }
    case 'submission.scored': {
      const { team, metric, publicScore } = told.data;
      const score = publicScore === null ? 'was scored' : `scored ${Number(publicScore.toPrecision(5))} (${metric})`;
      return `${quoted(team.name)} ${score} in ${placeOf(told.data, quoted)}.`;
    }
    case 'grade.released': {
      const { released } = told.data;
      return `The grades of ${released} ${released === 1 ? 'student' : 'students'} in ${placeOf(told.data, quoted)} were released.`;
    }
    case 'run.failed': {
      const { team, cause, submission } = told.data;
      const whose =
        cause === 'program' ? 'its code did not come to a score' : 'the grader broke, which is not charged to the team';
      return `Submission ${submission.id} of ${quoted(team.name)} in ${placeOf(told.data, quoted)} failed: ${whose}.`;
    }
    case 'test':
      return `This is a test of the hook “${quoted(told.data.hook)}” of ${quoted(told.data.course.title)}.`;
  }
}

type Where = Extract<Told, { event: 'grade.released' }>['data'];

function placeOf(
  { competition, phase }: Pick<Where, 'competition' | 'phase'>,
  quoted: (text: string) => string,
): string {
  const title = `“${quoted(competition.title)}”`;
  return phase.title === competition.title ? title : `${title}, ${quoted(phase.title)},`;
}

function inZone(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(new Date(at));
}
