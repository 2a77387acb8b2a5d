import { slugOf } from '../format/slug.ts';
import { type GradeScheme, Performance } from '../../../core/contract/grade-scheme.ts';
import { numberOf } from './points.ts';

/** A grade scheme while it is typed: numbers are still text. */
export interface SchemeDraft {
  readonly scored: boolean;
  readonly better: 'higher' | 'lower';
  readonly between: 'linear' | 'steps';
  readonly below: string;
  readonly anchors: readonly DraftRow<'name' | 'score' | 'points'>[];
  readonly bonus: readonly DraftRow<'top' | 'points'>[];
  readonly rubric: readonly DraftRow<'id' | 'title' | 'points' | 'description'>[];
  readonly regradeDays: string;
}

export type DraftRow<Field extends string> = Readonly<Record<Field, string>>;

/** What an empty form begins with. */
const fresh: SchemeDraft = {
  scored: true,
  better: 'higher',
  between: 'linear',
  below: '0',
  anchors: [
    { name: 'baseline', score: '', points: '' },
    { name: 'target', score: '', points: '' },
  ],
  bonus: [],
  rubric: [],
  regradeDays: '7',
};

export function draftOf(scheme: GradeScheme | null): SchemeDraft {
  if (scheme === null) return fresh;
  const { performance, bonus, rubric, regradeDays } = scheme;
  return {
    scored: performance !== null,
    better: performance?.better ?? fresh.better,
    between: performance?.between ?? fresh.between,
    below: String(performance?.below ?? 0),
    anchors:
      performance?.anchors.map(({ name, score, points }) => ({ name, score: String(score), points: String(points) })) ??
      fresh.anchors,
    bonus: bonus.map(({ top, points }) => ({ top: String(top), points: String(points) })),
    rubric: rubric.map(({ id, title, points, description }) => ({ id, title, points: String(points), description })),
    regradeDays: String(regradeDays),
  };
}

/** What is sent of a draft; the server judges it. @throws where something is no number, naming it */
export function schemeOf(draft: SchemeDraft): GradeScheme {
  return {
    performance: draft.scored
      ? {
          better: draft.better,
          between: draft.between,
          below: number(draft.below, 'the points below the first anchor'),
          anchors: draft.anchors.map(({ name, score, points }) => ({
            name,
            score: number(score, `the score of “${name}”`),
            points: number(points, `the points of “${name}”`),
          })),
        }
      : null,
    bonus: draft.bonus.map(({ top, points }) => ({
      top: number(top, 'a rank of the bonus'),
      points: number(points, `the bonus of the top ${top}`),
    })),
    rubric: draft.rubric.map(({ id, title, points, description }) => ({
      id: id === '' ? slugOf(title) : id,
      title,
      description,
      points: number(points, `the points of “${title}”`),
    })),
    regradeDays: number(draft.regradeDays, 'the days for regrade requests'),
  };
}

/** The part of a draft that scores are worth by; undefined while it is not one yet. */
export function performanceOf(draft: SchemeDraft): Performance | undefined {
  try {
    return Performance.safeParse(schemeOf({ ...draft, bonus: [], rubric: [], regradeDays: '0' }).performance).data;
  } catch {
    return undefined;
  }
}

function number(text: string, what: string): number {
  const value = numberOf(text);
  if (value === undefined) throw new Error(`${what[0]?.toUpperCase()}${what.slice(1)} must be a number.`);
  return value;
}
