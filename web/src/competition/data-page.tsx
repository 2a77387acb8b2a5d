import { CopyButton } from '@mantine/core';
import { formatBytes } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './data-page.module.css';
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
              <li key={file.name} className={classes.file}>
                <a className={classes.name} href={file.url} download={file.name}>
                  {file.name}
                </a>
                <span className={`num ${classes.size}`}>{formatBytes(file.bytes)}</span>
                <CopyButton value={file.sha256} timeout={1500}>
                  {({ copied, copy }) => (
                    <button type="button" className={classes.hash} onClick={copy} title="Copy the SHA-256 of the file">
                      <span aria-live="polite">{copied ? 'copied' : `sha256 ${file.sha256.slice(0, 8)}…`}</span>
                    </button>
                  )}
                </CopyButton>
              </li>
            ))}
          </ul>
          <p className="dim num">{formatBytes(total)} in all</p>
        </section>
      )}
    </>
  );
}
