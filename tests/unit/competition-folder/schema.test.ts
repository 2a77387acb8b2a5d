import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CompetitionFile, competitionJsonSchema } from '../../../core/competition-folder/schema.ts';
import { FolderState } from '../../../core/contract/competition-folder.ts';
import { addPhase, Competition, createCompetition, editCompetition } from '../../../core/contract/competitions.ts';
import { Phase } from '../../../core/contract/phases.ts';

it('publishes the JSON Schema of competition.yaml as it is checked', async () => {
  const file = join(import.meta.dirname, '../../../docs/competition.schema.json');
  // Where this fails: write what it expects into the file.
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(competitionJsonSchema());
});

describe('competition.yaml and the API', () => {
  /** Settings that a folder has in another form, and why none is missing. */
  const otherwise = new Map([['primaryMetric', 'it is the first of the metrics']]);
  const top = CompetitionFile.shape;
  const phase = top.phases.element.shape;
  const set = [createCompetition, editCompetition, addPhase].flatMap(({ schema }) => Object.keys(schema.body.shape));

  it.each([...new Set(set)].filter((name) => !otherwise.has(name)))(
    'has the setting %s, and a pull gives it',
    (name) => {
      expect([...Object.keys(top), ...Object.keys(phase)]).toContain(name);
      if (['course', 'slug', 'title', 'description'].includes(name)) return;
      const { settings, phases } = FolderState.shape;
      const isPhases = name in phases.element.shape.settings.shape;
      expect(isPhases || name in settings.shape).toBe(true);
      // What a pull compares is what the API tells; of the classes it tells nobody else.
      if (name !== 'classes') expect(Object.keys(isPhases ? Phase.shape : Competition.shape)).toContain(name);
    },
  );
});
