import { Skeleton } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { DataFile } from '../../../core/contract/competitions.ts';
import { readHead } from '../api/read-text.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './data-page.module.css';
import { previewOf } from './preview.ts';

/** Enough for the first rows of a wide table. */
const HEAD_BYTES = 65_536;

function previewQuery({ name, url, sha256 }: DataFile) {
  return queryOptions({
    queryKey: ['preview', url, sha256],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const { bytes, complete } = await readHead(url, HEAD_BYTES, signal);
      return previewOf(name, bytes, complete);
    },
  });
}

/** The first rows of a data file, or its first lines. */
export function DataPreview({ file }: { file: DataFile }) {
  const query = useQuery(previewQuery(file));
  if (query.isError) return <Failure error={query.error} title="The file could not be read" />;
  if (query.data === undefined) return <Skeleton height={160} aria-label={`Loading the first rows of ${file.name}`} />;
  const preview = query.data;
  return (
    // It scrolls, so it must be reached by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.preview} tabIndex={0} role="region" aria-label={`The first rows of ${file.name}`}>
      {preview.kind === 'text' ? (
        <pre>{preview.lines.join('\n')}</pre>
      ) : (
        <table>
          <thead>
            <tr>
              {preview.head.map((name, column) => (
                <th key={column} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {preview.kind === 'table' && preview.moreColumns > 0 ? (
        <p className="dim">and {preview.moreColumns.toLocaleString('en-US')} more columns</p>
      ) : null}
    </div>
  );
}
