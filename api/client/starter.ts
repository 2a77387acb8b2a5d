import type { SubmissionKind } from '../../core/contract/runs.ts';
import { isUnencrypted } from '../../core/contract/starter.ts';

interface Starter {
  /** Of this server, as its students reach it. */
  readonly origin: string;
  readonly slug: string;
  readonly title: string;
  /** The slug of the phase that is meant; undefined: the one that is current when it is run. */
  readonly phase: string | undefined;
  /** The slug of a part, where the phase has any. */
  readonly part: string | undefined;
  readonly accepts: readonly SubmissionKind[];
  /** The file that code writes, where code is accepted. */
  readonly output: string | undefined;
  /** The names of the data. */
  readonly files: readonly string[];
}

/** A notebook (nbformat 4.5). What it is made from is written into it as Python literals only, so no name can become code. */
export function starterNotebook(starter: Starter) {
  const cells = [...opening(starter), ...baseline(starter)];
  return {
    cells: cells.map(({ kind, text }, index) => ({
      cell_type: kind,
      id: `cell-${index + 1}`,
      metadata: {},
      source: linesOf(text),
      ...(kind === 'code' && { execution_count: null, outputs: [] }),
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

interface Cell {
  readonly kind: 'markdown' | 'code';
  readonly text: string;
}

const text = (...lines: string[]): Cell => ({ kind: 'markdown', text: lines.join('\n') });
const code = (...lines: string[]): Cell => ({ kind: 'code', text: lines.join('\n') });
/** JSON strings are Python strings. */
const literal = (value: string): string => JSON.stringify(value);

function opening({ origin, slug, title }: Starter): Cell[] {
  return [
    text(
      `# ${title}: a starter`,
      '',
      'Fetches the data, makes a baseline and submits it. Run it from top to bottom.',
      '',
      `It asks for an API token: make one at ${origin}/tokens. The token is not kept in this notebook.`,
    ),
    code(
      'import urllib.request',
      '',
      `SERVER = ${literal(origin)}`,
      `COMPETITION = ${literal(slug)}`,
      '',
      'urllib.request.urlretrieve(SERVER + "/client/topk.py", "topk.py")',
      'import topk',
      '',
      `topk.login(SERVER${isUnencrypted(origin) ? ', allow_http=True' : ''})`,
    ),
    text('## Data'),
    code('folder = topk.download(COMPETITION)'),
  ];
}

function baseline(starter: Starter): Cell[] {
  const has = (name: string) => starter.files.includes(name);
  if (!starter.accepts.includes('predictions')) return codeBaseline(starter);
  const hasTables = has('train.csv') && has('test.csv') && has('sample_submission.csv');
  const predict = hasTables ? tableBaseline() : has('sample_submission.csv') ? sampleBaseline() : ownPredictions();
  return [...predict, ...sending(starter, 'submit', 'predictions', hasTables ? 'starter: random forest' : 'starter')];
}

function tableBaseline(): Cell[] {
  return [
    code(
      'import numpy as np',
      'import pandas as pd',
      'from sklearn.ensemble import RandomForestClassifier',
      '',
      'train = pd.read_csv(folder / "train.csv")',
      'test = pd.read_csv(folder / "test.csv")',
      'sample = pd.read_csv(folder / "sample_submission.csv", dtype=str)',
      '',
      '# What the sample submission holds beside the id is predicted; the label is what train.csv has and test.csv has not.',
      'id_column, *label_columns = sample.columns',
      'label = next(name for name in train.columns if name not in test.columns)',
      'features = [name for name in test.columns if name != id_column and pd.api.types.is_numeric_dtype(test[name])]',
      'print(f"{len(train):,} rows to learn from, {len(features)} features, {train[label].nunique()} classes")',
    ),
    text('## A baseline', '', 'A random forest of the numbers as they are. This is the part to make better.'),
    code(
      'model = RandomForestClassifier(n_estimators=200, n_jobs=-1, random_state=542)',
      'model.fit(train[features].fillna(0), train[label])',
      'probabilities = model.predict_proba(test[features].fillna(0))',
    ),
    code(
      '# As many labels as the sample submission has, best first.',
      'wanted = len(label_columns) if len(label_columns) > 1 else len(sample[label_columns[0]].iloc[0].split())',
      'best = model.classes_[np.argsort(-probabilities, axis=1, kind="stable")[:, :wanted]]',
      '',
      'predictions = pd.DataFrame({id_column: test[id_column]})',
      'if len(label_columns) > 1:',
      '    for place in range(best.shape[1]):',
      '        predictions[label_columns[place]] = best[:, place]',
      'else:',
      '    predictions[label_columns[0]] = [" ".join(str(one) for one in row) for row in best]',
      'predictions.head()',
    ),
  ];
}

function sampleBaseline(): Cell[] {
  return [
    text(
      '## A baseline',
      '',
      'The sample submission as it is. Put your own predictions into its rows; a DataFrame or an array can be submitted too.',
    ),
    code('predictions = folder / "sample_submission.csv"'),
  ];
}

function ownPredictions(): Cell[] {
  return [
    text(
      '## Your predictions',
      '',
      'A CSV with the id and the label of each row, a DataFrame of that form, or a NumPy array of class scores. Write the file before you go on.',
    ),
    code('predictions = "predictions.csv"'),
  ];
}

/** Where only code is taken: the starter among the data, else a program that writes the sample submission. */
function codeBaseline(starter: Starter): Cell[] {
  const takes = (name: string) => starter.accepts.includes(name.endsWith('.ipynb') ? 'notebook' : 'code');
  const given = ['starter.py', 'main.py', 'starter.ipynb', 'main.ipynb'].find(
    (name) => starter.files.includes(name) && takes(name),
  );
  if (given !== undefined)
    return [
      text('## A baseline', '', `The program that comes with the data, \`${given}\`.`),
      code(`program = folder / ${literal(given)}`),
      ...sending(starter, 'run', 'program', 'starter'),
    ];
  return [
    text(
      '## A baseline',
      '',
      'A program that hands in the sample submission as it is. Train and predict in its place.',
    ),
    code(...writtenProgram(starter)),
    ...sending(starter, 'run', 'program', 'starter'),
  ];
}

function writtenProgram({ accepts, output = 'predictions.csv' }: Starter): string[] {
  const lines = [
    'import os, shutil',
    `shutil.copy(os.path.join(os.environ["TOPK_DATA"], "sample_submission.csv"), ${literal(output)})`,
  ];
  if (accepts.includes('code'))
    return [
      'from pathlib import Path',
      '',
      'program = Path("main.py")',
      `program.write_text(${literal(lines.join('\n'))})`,
    ];
  const notebook = {
    cells: [
      { cell_type: 'code', id: 'cell-1', execution_count: null, metadata: {}, outputs: [], source: [lines.join('\n')] },
    ],
    metadata: { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return [
    'from pathlib import Path',
    '',
    'program = Path("main.ipynb")',
    `program.write_text(${literal(JSON.stringify(notebook))})`,
  ];
}

/** Checked first: what is wrong costs no attempt. */
function sending({ phase, part }: Starter, how: 'submit' | 'run', what: string, note: string): Cell[] {
  const ofPhase = phase === undefined ? '' : `, phase=${literal(phase)}`;
  const ofPart = part === undefined ? '' : `, part=${literal(part)}`;
  return [
    text('## Submit'),
    code(`topk.check(COMPETITION, ${what}${ofPhase})`),
    code(`topk.${how}(COMPETITION, ${what}, note=${literal(note)}${ofPhase}${ofPart})`),
    code('topk.leaderboard(COMPETITION)'),
  ];
}

/** As nbformat has a source: lines that keep their ends. */
function linesOf(source: string): string[] {
  return source.split(/(?<=\n)/);
}
