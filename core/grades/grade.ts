import type { Grade, GradeLine, GradeScheme, Performance } from '../contract/grade-scheme.ts';
import { roundTo } from './round.ts';

/** All that a student's grade in a phase depends on, beside the scheme. */
export interface Evidence {
  /** The team's submission that counts: the primary metric's private value, and the rank by it, from 1. Undefined: there is none. */
  readonly counted: { readonly score: number; readonly rank: number } | undefined;
  /** What is taken off for lateness, 0 … 100, and why. Undefined: it was in time. */
  readonly late: { readonly percent: number; readonly because: string } | undefined;
  /** Rubric item → the mark that counts. */
  readonly marks: ReadonlyMap<string, { readonly points: number; readonly comment: string }>;
  readonly override: { readonly points: number; readonly reason: string } | undefined;
}

/**
 * A grade, together with how each point of it came about. Each line is rounded to hundredths and the grade is their sum, so the explanation adds up by
 * construction. Never negative, never above `mostPoints`; a better score, a better rank or less lateness never gives fewer points.
 */
export function gradeOf(scheme: GradeScheme, evidence: Evidence): Grade {
  const earned = [
    ...(scheme.performance ? [performanceLine(scheme.performance, evidence)] : []),
    ...bonusLines(scheme, evidence),
    ...rubricLines(scheme, evidence),
  ];
  const withLate = [...earned, ...lateLines(earned, evidence)];
  const lines = [...withLate, ...overrideLines(withLate, scheme, evidence)];
  return { points: sumOf(lines), of: fullPoints(scheme), lines };
}

/** Full points, without the bonus. */
export function fullPoints({ performance, rubric }: GradeScheme): number {
  return roundTo(2, (performance?.anchors.at(-1)?.points ?? 0) + rubric.reduce((sum, { points }) => sum + points, 0));
}

/** The most that anyone can get, the bonus included. */
export function mostPoints(scheme: GradeScheme): number {
  return roundTo(2, fullPoints(scheme) + (scheme.bonus[0]?.points ?? 0));
}

function performanceLine(performance: Performance, { counted }: Evidence): GradeLine {
  const of = performance.anchors.at(-1)?.points ?? 0;
  const { points, because } = counted
    ? pointsForScore(performance, counted.score)
    : { points: 0, because: 'No submission counts.' };
  return { kind: 'performance', what: 'Performance', points: roundTo(2, points), of, because };
}

/** What a score is worth: clamped at both ends, and between two anchors the line through them, or the step of the lower one. */
function pointsForScore({ better, between, below, anchors }: Performance, score: number) {
  const sign = better === 'higher' ? 1 : -1;
  const reached = anchors.findLastIndex((anchor) => sign * score >= sign * anchor.score);
  const [from, to] = [anchors[reached], anchors[reached + 1]];
  const told = `The private score is ${shown(score)}`;
  if (!from) return { points: below, because: `${told}, which does not reach ${named(anchors[0])}.` };
  if (!to) return { points: from.points, because: `${told}, which reaches ${named(from)}.` };
  const range = `between ${named(from)} and ${named(to)}`;
  if (between === 'steps') return { points: from.points, because: `${told}, ${range}: the points of “${from.name}”.` };
  const share = (score - from.score) / (to.score - from.score);
  const points = from.points + share * (to.points - from.points);
  return { points, because: `${told}, ${range}: ${shown(100 * share, 1)} % of the way.` };
}

function named(anchor: Performance['anchors'][number] | undefined): string {
  return anchor ? `“${anchor.name}” (${shown(anchor.score)}: ${anchor.points} points)` : 'any anchor';
}

function bonusLines({ bonus }: GradeScheme, { counted }: Evidence): GradeLine[] {
  if (bonus.length === 0) return [];
  const tier = counted && bonus.find(({ top }) => counted.rank <= top);
  const because = !counted
    ? 'No submission counts.'
    : tier
      ? `Rank ${counted.rank} on the private board is among the top ${tier.top}.`
      : `Rank ${counted.rank} on the private board is not among the top ${bonus.at(-1)?.top}.`;
  return [{ kind: 'bonus', what: 'Bonus by rank', points: tier?.points ?? 0, of: null, because }];
}

function rubricLines({ rubric }: GradeScheme, { marks }: Evidence): GradeLine[] {
  return rubric.map(({ id, title, points: of }): GradeLine => {
    const mark = marks.get(id);
    // The item may be worth less by now than when it was marked.
    const points = roundTo(2, Math.min(of, Math.max(0, mark?.points ?? 0)));
    const because = mark ? mark.comment || 'Graded by hand.' : 'Not graded.';
    return { kind: 'rubric', item: id, what: title, points, of, because };
  });
}

function lateLines(earned: readonly GradeLine[], { late }: Evidence): GradeLine[] {
  if (!late) return [];
  const percent = Math.min(100, Math.max(0, late.percent));
  const points = 0 - roundTo(2, (sumOf(earned) * percent) / 100);
  return [
    { kind: 'late', what: `Late: ${shown(percent, 2)} % of what was earned`, points, of: null, because: late.because },
  ];
}

function overrideLines(lines: readonly GradeLine[], scheme: GradeScheme, { override }: Evidence): GradeLine[] {
  if (!override) return [];
  const target = Math.min(mostPoints(scheme), Math.max(0, override.points));
  const what = `Set to ${shown(target, 2)} by the staff`;
  return [{ kind: 'override', what, points: roundTo(2, target - sumOf(lines)), of: null, because: override.reason }];
}

function sumOf(lines: readonly GradeLine[]): number {
  return roundTo(
    2,
    lines.reduce((sum, { points }) => sum + points, 0),
  );
}

function shown(value: number, decimals = 5): string {
  return String(roundTo(decimals, value));
}
