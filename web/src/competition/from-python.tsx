import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Competition } from '../../../core/contract/competitions.ts';
import type { Phase } from '../../../core/contract/phases.ts';
import { downloadStarter } from '../../../core/contract/starter.ts';
import { urlOf } from '../api/call.ts';
import { Copyable } from '../ui/copyable.tsx';
import { pythonLines } from './python-lines.ts';
import classes from './from-python.module.css';

interface Props {
  readonly competition: Competition;
  readonly phase: Phase;
  /** As the address says it; undefined: the current one. */
  readonly phaseSlug: string | undefined;
  readonly staff: boolean;
}

/** How to get the data and submit without this page, and a notebook that does so. */
export function FromPython({ competition, phase, phaseSlug, staff }: Props) {
  const { slug } = competition;
  const isOpened = staff || competition.phases.some(({ status }) => status !== 'upcoming');
  const starter = urlOf(downloadStarter, { params: { slug }, query: { phase: phaseSlug } });
  const lines = pythonLines({ origin: location.origin, slug, phaseSlug, phase });
  return (
    <section className={`card ${classes.panel}`} aria-labelledby="from-python">
      <h2 id="from-python">From Python</h2>
      <p>
        In a script, Jupyter or Colab, with one file and no package to install. It asks for a token from your{' '}
        <Link to="/tokens">Tokens page</Link>. The same file is a command: <code>python topk.py --help</code>.
      </p>
      <Copyable text={lines} label="Copy the Python lines" />
      {isOpened ? (
        <>
          <div className={classes.starters}>
            <Button component="a" variant="default" size="xs" href={starter} download={`${slug}-starter.ipynb`}>
              Download starter
            </Button>
            <Button
              component="a"
              variant="default"
              size="xs"
              href="https://colab.research.google.com/"
              target="_blank"
              rel="noreferrer"
              onClick={() => download(starter, `${slug}-starter.ipynb`)}
            >
              Open in Colab
            </Button>
          </div>
          <p className="dim">
            The starter fetches the data, makes a baseline and submits it. Colab takes notebooks of other sites by hand
            only: choose Upload there, and the file that was downloaded with it.
          </p>
        </>
      ) : null}
    </section>
  );
}

function download(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}
