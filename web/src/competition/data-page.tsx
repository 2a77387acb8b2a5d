import { Button, CopyButton } from '@mantine/core';
import { useId, useState } from 'react';
import type { DataFile } from '../../../core/contract/competitions.ts';
import { formatBytes, formatCount } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './data-page.module.css';
import { DataPreview } from './data-preview.tsx';
import { canPreview } from './preview.ts';
import { useCompetition } from './use-competition.ts';

export function DataPage() {
  const { competition } = useCompetition();
  const total = competition.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <PageTitle parts={['Data', competition.title]} />
      {competition.files.length === 0 ? (
        <EmptyState title="No files yet">
          <p>When your instructor adds data, it can be downloaded here.</p>
        </EmptyState>
      ) : (
        <section className="stack" aria-label="Data files">
          <ul className={classes.files}>
            {competition.files.map((file) => (
              <File key={file.name} file={file} />
            ))}
          </ul>
          <p className="dim num">
            {formatCount(competition.files.length, 'file')}, {formatBytes(total)} in all
          </p>
        </section>
      )}
    </>
  );
}

function File({ file }: { file: DataFile }) {
  const { competition } = useCompetition();
  const [shown, show] = useState(false);
  const previewId = useId();
  const phase = competition.phases.find(({ slug }) => slug === file.phase);
  return (
    <li className={classes.file}>
      <div>
        <a className={classes.name} href={file.url} download={file.name}>
          {file.name}
        </a>
        {file.hidden === true ? <span className="dim"> only graded runs and staff see it</span> : null}
        {phase === undefined ? null : <span className="dim"> for {phase.title}</span>}
      </div>
      <span className={`num ${classes.size}`}>{formatBytes(file.bytes)}</span>
      <CopyButton value={file.sha256} timeout={1500}>
        {({ copied, copy }) => (
          <button type="button" className={classes.hash} onClick={copy} title="Copy the SHA-256 of the file">
            <span aria-live="polite">{copied ? 'copied' : `sha256 ${file.sha256.slice(0, 8)}…`}</span>
          </button>
        )}
      </CopyButton>
      {canPreview(file.name) ? (
        <Button
          variant="default"
          size="xs"
          aria-expanded={shown}
          aria-controls={previewId}
          aria-label={`${shown ? 'Hide' : 'Show'} the first rows of ${file.name}`}
          onClick={() => show(!shown)}
        >
          {shown ? 'Hide' : 'First rows'}
        </Button>
      ) : (
        <span />
      )}
      <div id={previewId} className={classes.previewPlace} hidden={!shown}>
        {shown ? <DataPreview file={file} /> : null}
      </div>
    </li>
  );
}
