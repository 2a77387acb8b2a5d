import { Competition } from '../../core/contract/competitions.ts';
import { fresh, type Cast } from './cast.ts';
import { tinyKey } from './competitions.ts';
import type { Rule } from './permissions.ts';
import { makeZip } from './zip.ts';

/** Who may call the endpoints about competitions as folders. */
export const folderRules: Readonly<Record<string, Rule>> = {
  getCompetitionFolder: { for: 'its staff' },
  putCompetitionFolder: { for: 'its instructors', filling: () => ({ json: { source: `# ${fresh()}\n` } }) },
  downloadFolderFile: { for: 'its staff', filling: async (cast) => ({ params: { name: await hashOfData(cast) } }) },
  uploadCompetitionFolder: {
    for: 'its instructors',
    filling: ({ course }) => ({ query: 'filename=folder.zip', file: folderZip(course.slug, fresh()) }),
  },
};

/** A small competition that nobody sees yet. */
function folderZip(course: string, slug: string): Uint8Array<ArrayBuffer> {
  const yaml = `course: ${course}
slug: ${slug}
title: As a zip
metrics: [top1]
phases:
  - slug: main
    answerKey: solution.csv
`;
  return makeZip([
    { name: 'competition.yaml', content: yaml },
    { name: 'solution.csv', content: tinyKey },
  ]);
}

async function hashOfData({ course, slug }: Cast): Promise<string> {
  const { files } = Competition.parse((await course.instructor.call(`GET /competitions/${slug}`)).body);
  return files.find(({ name }) => name === 'test.csv')?.sha256 ?? '';
}
