import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { getRunNotebook } from '../../../core/contract/runs.ts';
import { urlOf } from '../api/call.ts';
import { isProblem } from '../api/problem.ts';
import { readWholeText } from '../api/read-text.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { DownloadButton } from '../ui/links.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { CellView } from './cell-view.tsx';
import { type NotebookView, readNotebook } from './notebook.ts';
import classes from './notebook.module.css';
import { plainText } from './plain-text.ts';

const route = getRouteApi('/signed-in/competitions/$slug/submissions/$id/notebook/$attempt');

/** More than this would hang the page, and can still be downloaded. */
const maxChars = 40_000_000;

/** The executed notebook of a run, for its author: nothing in it can run. */
export function NotebookPage() {
  const { slug, id, attempt } = route.useParams();
  const { competition, phaseSlug } = useCompetition();
  const url = urlOf(getRunNotebook, { params: { id, attempt } });
  const { data, error, isPending } = useQuery({
    queryKey: ['notebook', id, attempt],
    // It never changes, and may be large.
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const json = await readWholeText(url, maxChars, signal);
      return json === undefined ? 'too-large' : (readNotebook(json, plainText) ?? 'damaged');
    },
  });
  if (isProblem(error, 'not-found') || isProblem(error, 'validation-failed')) return <NotFoundPage />;
  return (
    <section className="stack" aria-labelledby="notebook">
      <PageTitle parts={[`Notebook of submission ${id}`, competition.title]} />
      <p>
        <Link to="/competitions/$slug/submissions/$id" params={{ slug, id }} search={{ phase: phaseSlug }}>
          ← Submission {id}
        </Link>
      </p>
      <div className="row spread">
        <h2 id="notebook">Executed notebook</h2>
        <DownloadButton href={url}>Download</DownloadButton>
      </div>
      {error === null ? null : <Failure error={error} title="The notebook could not be loaded" />}
      {isPending ? <Skeleton height={320} /> : null}
      {data === undefined ? null : data === 'too-large' ? (
        <EmptyState title="Too large to be shown here">
          <p>Download it, and open it in Jupyter.</p>
        </EmptyState>
      ) : data === 'damaged' ? (
        <EmptyState title="This is no notebook that can be shown">
          <p>It can still be downloaded.</p>
        </EmptyState>
      ) : (
        <Cells notebook={data} />
      )}
    </section>
  );
}

function Cells({ notebook: { cells, failed, moreCells } }: { notebook: NotebookView }) {
  return (
    <>
      {failed === undefined ? null : (
        <Notice tone="bad" title={`It went wrong in cell ${failed.kind === 'code' ? failed.number : failed.place}`}>
          <a href={`#cell-${failed.place}`}>Go to the cell</a>
        </Notice>
      )}
      {cells.length === 0 ? <EmptyState title="It has no cells" /> : null}
      <ol className={classes.cells}>
        {cells.map((cell) => (
          <CellView key={cell.place} cell={cell} />
        ))}
      </ol>
      {moreCells > 0 ? <p className="dim">and {formatCount(moreCells, 'more cell')}, in the download</p> : null}
    </>
  );
}
