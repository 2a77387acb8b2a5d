import { getRunNotebook, getRunOutput, type Run } from '../../../core/contract/runs.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { urlOf } from '../api/call.ts';
import { formatBytes } from '../format/number.ts';
import { ButtonLink, DownloadButton } from '../ui/links.tsx';
import { logUrl } from './use-run-log.ts';

/** What a run left behind: the log, the predictions, the executed notebook. */
export function RunDownloads({ submission, run }: { submission: Submission; run: Run }) {
  const params = { id: submission.id, attempt: run.attempt };
  if (run.log === undefined && run.output === undefined && run.notebook === undefined) return null;
  return (
    <div className="row">
      {run.notebook === undefined ? null : (
        <>
          <ButtonLink
            size="xs"
            to="/competitions/$slug/submissions/$id/notebook/$attempt"
            params={{ slug: submission.competition, id: String(submission.id), attempt: String(run.attempt) }}
            search={(search) => ({ phase: search.phase })}
          >
            See the executed notebook
          </ButtonLink>
          <DownloadButton href={urlOf(getRunNotebook, { params })}>
            Notebook {formatBytes(run.notebook.bytes)}
          </DownloadButton>
        </>
      )}
      {run.output === undefined ? null : (
        <DownloadButton href={urlOf(getRunOutput, { params })}>
          Predictions {formatBytes(run.output.bytes)}
        </DownloadButton>
      )}
      {run.log === undefined ? null : (
        <DownloadButton href={logUrl(submission.id, run)}>Log {formatBytes(run.log.bytes)}</DownloadButton>
      )}
    </div>
  );
}
