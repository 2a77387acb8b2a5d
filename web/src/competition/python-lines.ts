import type { Phase } from '../../../core/contract/phases.ts';
import { isUnencrypted } from '../../../core/contract/starter.ts';

interface Place {
  readonly origin: string;
  readonly slug: string;
  readonly phaseSlug: string | undefined;
  readonly phase: Pick<Phase, 'accepts' | 'parts'>;
}

/** The lines that fetch the client, the data, and a score. */
export function pythonLines({ origin, slug, phaseSlug, phase }: Place): string {
  const client = `${origin}/client/topk.py`;
  const takesPredictions = phase.accepts.includes('predictions');
  const program = phase.accepts.includes('code') ? 'main.py' : 'main.ipynb';
  const what = takesPredictions ? 'predictions.csv' : program;
  const part = phase.parts[0]?.slug;
  const more = [
    ...(phaseSlug === undefined ? [] : [`phase=${JSON.stringify(phaseSlug)}`]),
    ...(part === undefined ? [] : [`part=${JSON.stringify(part)}`]),
  ];
  const sent = [JSON.stringify(slug), JSON.stringify(what), 'note="first try"', ...more].join(', ');
  return [
    'import urllib.request',
    `urllib.request.urlretrieve(${JSON.stringify(client)}, "topk.py")`,
    '',
    'import topk',
    `topk.login(${JSON.stringify(origin)}${isUnencrypted(origin) ? ', allow_http=True' : ''})`,
    `topk.download(${JSON.stringify(slug)})`,
    `topk.${takesPredictions ? 'submit' : 'run'}(${sent})`,
  ].join('\n');
}
