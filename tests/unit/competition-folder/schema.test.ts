import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { competitionJsonSchema } from '../../../core/competition-folder/schema.ts';

it('publishes the JSON Schema of competition.yaml as it is checked', async () => {
  const file = join(import.meta.dirname, '../../../docs/competition.schema.json');
  // Where this fails: write what it expects into the file.
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(competitionJsonSchema());
});
