import { z } from 'zod';
import { Slug } from '../contract/common.ts';
import { folderSettings } from '../contract/competition-folder.ts';
import { FileName } from '../contract/competitions.ts';
import { GradeScheme } from '../contract/grade-scheme.ts';
import { phaseSettings } from '../contract/phases.ts';

const { title: phaseTitle } = folderSettings.shape;

const path = z
  .string()
  .min(1)
  .max(400)
  .refine((text) => !text.startsWith('/') && !text.split('/').includes('..'), 'must lie in the folder')
  .describe('A file of the folder, such as data/train.csv');

const dataPath = path.refine((text) => FileName.safeParse(text.slice(text.lastIndexOf('/') + 1)).success, {
  error: 'must end with a name of letters, digits, dots, hyphens and underscores',
});

const Phase = z.strictObject({
  slug: Slug.describe('The first phase is called main'),
  title: phaseTitle.optional().describe('Of every phase but the first, which has the competition’s'),
  answerKey: path.optional(),
  ...phaseSettings,
  gradeScheme: GradeScheme.optional().describe('How a score becomes a grade'),
});

/** `competition.yaml`: a competition as a folder. What is left out stays as the server has it. */
export const CompetitionFile = z
  .strictObject({
    $schema: z.string().optional(),
    course: Slug,
    slug: Slug,
    description: path.optional().describe('The overview, in Markdown'),
    ...folderSettings.shape,
    metrics: folderSettings.shape.metrics.describe('The first is the primary one'),
    customMetric: z
      .strictObject({ file: path, higherIsBetter: z.boolean().default(true) })
      .optional()
      .describe('The Python file that computes the metric custom'),
    published: z.boolean().default(false).describe('True: students see it; it is never hidden again by this'),
    phases: z.array(Phase).min(1).max(50),
    data: z
      .array(z.strictObject({ file: dataPath, hidden: z.boolean().default(false), phase: Slug.optional() }))
      .max(1000)
      .default([])
      .describe('What students download and, if hidden, what only graded runs see'),
    baselines: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(100),
          file: path,
          phase: Slug.default('main'),
          part: Slug.optional().describe('Of the phase, where it has parts'),
        }),
      )
      .max(100)
      .default([]),
  })
  .check(({ value, issues }) => {
    const complain = (at: (string | number)[], message: string) =>
      issues.push({ code: 'custom', path: at, message, input: value });
    const slugs = value.phases.map(({ slug }) => slug);
    for (const [index, { slug, title }] of value.phases.entries()) {
      if (index === 0 && slug !== 'main') complain(['phases', 0, 'slug'], 'must be main: it is the first phase');
      if (index === 0 && title !== undefined)
        complain(['phases', 0, 'title'], 'must be left out: the first phase has the competition’s title');
      if (index > 0 && title === undefined) complain(['phases', index], 'needs a title');
      if (slugs.indexOf(slug) !== index) complain(['phases', index, 'slug'], `${slug} is there twice`);
    }
    const names = value.data.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
    for (const [index, { phase }] of value.data.entries()) {
      if (names.indexOf(names[index] ?? '') !== index)
        complain(['data', index, 'file'], `${names[index]} is there twice: students get all files in one folder`);
      if (phase !== undefined && !slugs.includes(phase)) complain(['data', index, 'phase'], 'is none of the phases');
    }
    const lines = value.baselines.map(({ name, phase, part }) => JSON.stringify([name, phase, part]));
    for (const [index, { phase, part }] of value.baselines.entries()) {
      const parts = value.phases.find(({ slug }) => slug === phase)?.parts;
      if (!slugs.includes(phase)) complain(['baselines', index, 'phase'], 'is none of the phases');
      else if (part !== undefined && parts && !parts.some(({ slug }) => slug === part))
        complain(['baselines', index, 'part'], 'is none of the parts of its phase');
      if (lines.indexOf(lines[index] ?? '') !== index) complain(['baselines', index, 'name'], 'is there twice');
    }
  });
export type CompetitionFile = z.output<typeof CompetitionFile>;

/** Its JSON Schema, for editors. */
export function competitionJsonSchema(): unknown {
  return z.toJSONSchema(CompetitionFile, { io: 'input', unrepresentable: 'any' });
}
