import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from '../support/client.ts';
import { startSystem, type System } from '../support/system.ts';

const Operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), z.unknown()).optional(),
});
const Document = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

describe('the OpenAPI document', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(async () => await system.stop());

  const read = async () =>
    Document.parse((await createClient(system.url, undefined).call('GET /api/openapi.json')).body);

  it('is of version 3.1 and names every operation once', async () => {
    const document = await read();
    expect(document.openapi).toMatch(/^3\.1/);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map((operation) => operation.operationId);
    expect(ids.every((id) => typeof id === 'string')).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('createSubmission');
    expect(operations.every((operation) => operation.summary !== undefined)).toBe(true);
  });

  it('describes uploads, downloads and streams for what they are', async () => {
    const { paths } = await read();
    const submit = paths['/api/v1/competitions/{slug}/submissions']?.['post'];
    expect(Object.keys(submit?.requestBody?.content ?? {})).toEqual([
      'multipart/form-data',
      'application/octet-stream',
    ]);
    expect(Object.keys(submit?.responses ?? {})).toContain('202');
    const events = paths['/api/v1/submissions/{id}/events']?.['get'];
    expect(JSON.stringify(events?.responses)).toContain('text/event-stream');
  });

  it('holds the shared schemas, and every reference in it leads somewhere', async () => {
    const document = await read();
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Submission', 'Problem', 'Leaderboard', 'Competition']),
    );
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(references.length).toBeGreaterThan(5);
    for (const name of references) expect(document.components.schemas).toHaveProperty([name ?? '']);
  });

  it('says that raw bytes are the file itself, and that a form needs one', async () => {
    const { paths } = await read();
    expect(paths['/api/v1/competitions/{slug}/check']?.['post']?.requestBody?.content).toMatchObject({
      'multipart/form-data': { schema: { required: ['file'] } },
      'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
    });
  });

  it('is for people to read: no schema twice, no bounds that only a machine knows', async () => {
    const document = await read();
    expect(Object.keys(document.components.schemas).filter((name) => name.endsWith('Input'))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it('has a page that also loads over plain http', async () => {
    const page = await fetch(`${system.url}/api/docs`);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
  });

  it('has a page that needs no script of another site', async () => {
    const page = await fetch(`${system.url}/api/docs`);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).not.toMatch(/src="https?:/);
  });
});
