import { describe, expect, it } from 'vitest';
import { covers } from '../../../core/competition-folder/covers.ts';
import { parseCompetition } from '../../../core/competition-folder/parse.ts';

const good = `# The midterm of DS 542
course: ds542
slug: midterm
title: Midterm
metrics: [top1]
phases:
  - slug: main
    dueAt: 2026-10-30T23:59:00-04:00
    answerKey: solution.csv
data:
  - file: data/train.csv
`;

describe('competition.yaml', () => {
  it('is read, with what is left out', () => {
    expect(parseCompetition(good)).toMatchObject({
      errors: [],
      file: { published: false, data: [{ file: 'data/train.csv', hidden: false }], baselines: [] },
    });
  });

  it.each([
    ['a setting that there is not', good.replace('title:', 'titel: x\ntitle:'), 1, 'Unrecognized key'],
    ['a time without an offset', good.replace('-04:00', ''), 8, 'phases.0.dueAt must be a time with its offset'],
    ['a metric that there is not', good.replace('top1', 'accuracy'), 5, 'metrics.0 top1, top5'],
    ['a file outside of the folder', good.replace('data/train', '../train'), 11, 'data.0.file must lie in the folder'],
    ['a first phase of another name', good.replace('slug: main', 'slug: first'), 7, 'phases.0.slug must be main'],
    ['a phase that there is not', `${good}    phase: late\n`, 12, 'data.0.phase is none of the phases'],
    ['a file twice', `${good}  - file: old/train.csv\n`, 12, 'data.1.file train.csv is there twice'],
    [
      'a grade scheme that gives less for more',
      good.replace(
        'data:',
        `    gradeScheme:\n      performance:\n        below: 5\n        anchors:\n          - { name: it, score: 0.5, points: 1 }\ndata:`,
      ),
      14,
      'must not be less than what a score below it gets',
    ],
    [
      'a baseline twice',
      `${good}baselines:\n  - { name: A, file: a }\n  - { name: A, file: b }\n`,
      14,
      'is there twice',
    ],
    ['what is no YAML', good.replace('[top1]', '[top1'), 6, ''],
  ])('names the line of %s', (_what, text, line, message) => {
    const { file, errors } = parseCompetition(text);
    expect(file).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.line).toBe(line);
    expect(errors[0]?.message).toContain(message);
  });
});

describe('what is the same on the server', () => {
  it('is so at any offset, and with settings beside those that are given', () => {
    expect(covers('2026-10-31T03:59:00.000Z', '2026-10-30T23:59:00-04:00')).toBe(true);
    expect(covers('2026-10-31T03:59:01.000Z', '2026-10-30T23:59:00-04:00')).toBe(false);
    expect(covers({ image: 'python', limits: { cpus: 2, gpus: 0 } }, { limits: { cpus: 2 } })).toBe(true);
    expect(covers({ image: 'python', limits: { cpus: 2, gpus: 0 } }, { limits: { cpus: 4 } })).toBe(false);
    expect(covers(['a', 'b'], ['a'])).toBe(false);
    expect(covers(undefined, null)).toBe(false);
  });
});
