import { kaggleCreateSubmission, kaggleStartSubmissionUpload } from '../../core/contract/kaggle-submissions.ts';
import type { Answer, Client } from './client.ts';

const Started = kaggleStartSubmissionUpload.schema.response[200];
const Created = kaggleCreateSubmission.schema.response[200];

/** A remote call of the kaggle command, as a person with a token. */
export async function kaggleCall(client: Client, method: string, body: unknown = {}): Promise<Answer> {
  return await client.call(`POST /competitions.CompetitionApiService/${method}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    redirect: 'manual',
  });
}

/** Asks where a file may be put. */
export async function startUpload(client: Client, competitionName: string, fileName = 'p.csv') {
  const answer = await kaggleCall(client, 'StartSubmissionUpload', { competitionName, fileName, contentLength: 1 });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  return Started.parse(answer.body);
}

/** The three steps of submitting; answers with what the last one says. */
export async function kaggleSubmit(
  client: Client,
  slug: string,
  content: string | Uint8Array<ArrayBuffer>,
  { fileName = 'p.csv', message = '' }: { fileName?: string; message?: string } = {},
): Promise<Answer> {
  const { token, createUrl } = await startUpload(client, slug, fileName);
  const put = await fetch(createUrl, { method: 'PUT', body: content });
  if (put.status !== 200) throw new Error(`${put.status}: ${await put.text()}`);
  return await kaggleCall(client, 'CreateSubmission', {
    competitionName: slug,
    blobFileTokens: token,
    submissionDescription: message,
  });
}

/** As `kaggleSubmit`, where it must be taken; answers with the submission’s id. */
export async function mustSubmit(...args: Parameters<typeof kaggleSubmit>): Promise<number> {
  const answer = await kaggleSubmit(...args);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  return Created.parse(answer.body).ref;
}
