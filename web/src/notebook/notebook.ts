import { z } from 'zod';
import { jsonOf } from '../api/json.ts';

/**
 * An executed notebook as the page shows it: only text, Markdown source and pictures as base64, each within a bound. Whoever wrote it may be
 * hostile, so nothing of it is HTML, and what has no plain form is named instead of shown.
 * Format: https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export interface NotebookView {
  readonly cells: readonly Cell[];
  /** Cells beyond the bound. */
  readonly moreCells: number;
  /** The cell that went wrong, or that was running when the time was up. */
  readonly failed: Cell | undefined;
}

/** `place` counts all cells from 1; `number` those with code in them, as the log does. */
export type Cell =
  | { readonly kind: 'markdown' | 'raw'; readonly place: number; readonly source: Excerpt }
  | {
      readonly kind: 'code';
      readonly place: number;
      readonly number: number | undefined;
      readonly source: Excerpt;
      readonly failed: boolean;
      readonly outputs: readonly Output[];
      readonly moreOutputs: number;
    };

export type Output =
  | { readonly kind: 'text'; readonly tone: 'plain' | 'stderr' | 'error'; readonly text: Excerpt }
  | { readonly kind: 'image'; readonly url: string; readonly alt: string }
  | { readonly kind: 'unshown'; readonly what: string };

/** Beginning and end of a text; `left` characters of it lie between them. */
export interface Excerpt {
  readonly head: string;
  readonly tail: string;
  readonly left: number;
}

const maxCells = 500;
const maxOutputs = 50;
const maxTextChars = 20_000;
/** Of all texts together: more would hang the page. */
const maxAllChars = 3_000_000;
const maxImageChars = 8_000_000;
const maxImages = 100;

const Lines = z.union([z.string(), z.array(z.string())]).transform((lines) => [lines].flat().join(''));
const Bundle = z.record(z.string(), z.unknown());
const RawOutput = z.discriminatedUnion('output_type', [
  z.object({ output_type: z.literal('stream'), name: z.string(), text: Lines }),
  z.object({ output_type: z.literal('display_data'), data: Bundle }),
  z.object({ output_type: z.literal('execute_result'), data: Bundle }),
  z.object({ output_type: z.literal('error'), ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }),
]);
type RawOutput = z.infer<typeof RawOutput>;
const RawCell = z.object({
  cell_type: z.string(),
  source: Lines.catch(''),
  outputs: z.array(z.unknown()).catch([]),
});
type RawCell = z.infer<typeof RawCell>;
/** What the runner of notebooks says of how far it came; cells are counted from 0. */
const Progress = z.union([
  z.object({ failed: z.number().int() }),
  z.object({ running: z.number().int() }),
  z.object({ done: z.literal(true) }),
]);
const RawNotebook = z.object({
  nbformat: z.literal(4),
  metadata: z.object({ topk: Progress.optional().catch(undefined) }).catch({}),
  cells: z.array(z.unknown()),
});

/**
 * Reads a notebook's JSON; undefined where it is none.
 * @param plain makes of what a program printed what a terminal would show at the end
 */
export function readNotebook(json: string, plain: (text: string) => string): NotebookView | undefined {
  const parsed = RawNotebook.safeParse(jsonOf(json));
  if (!parsed.success) return undefined;
  const all = parsed.data.cells.map((cell) => RawCell.safeParse(cell).data ?? strangeCell);
  const failed = failedIndex(parsed.data.metadata.topk, all);
  const context = { plain, imagesLeft: maxImages, charsLeft: maxAllChars, failed, numbered: 0 };
  const cells: Cell[] = [];
  for (const [index, cell] of all.entries()) {
    // The one that went wrong is what its author looks for, however many come before it.
    if (index < maxCells || index === failed) cells.push(viewOfCell(cell, index, context));
    else if (isNumbered(cell)) context.numbered += 1;
  }
  return {
    cells,
    moreCells: all.length - cells.length,
    failed: cells.find((cell) => cell.kind === 'code' && cell.failed),
  };
}

/** By the runner's own word, where it left one: a cell that is tagged to raise an exception has an error too, and went well. */
function failedIndex(progress: z.infer<typeof Progress> | undefined, cells: readonly RawCell[]): number | undefined {
  if (progress === undefined) {
    const found = cells.findIndex((cell) => outputsOf(cell).some(({ output_type: type }) => type === 'error'));
    return found < 0 ? undefined : found;
  }
  if ('failed' in progress) return progress.failed;
  return 'running' in progress ? progress.running : undefined;
}

function outputsOf(cell: RawCell): RawOutput[] {
  return cell.outputs.map((output) => RawOutput.safeParse(output).data).filter((output) => output !== undefined);
}

function isNumbered(cell: RawCell): boolean {
  return cell.cell_type === 'code' && cell.source.trim() !== '';
}

/** The beginning and the end of what is longer than `maxChars`. */
export function excerpt(text: string, maxChars = maxTextChars): Excerpt {
  if (text.length <= maxChars) return { head: text, tail: '', left: 0 };
  const half = Math.floor(maxChars / 2);
  return { head: text.slice(0, half), tail: half === 0 ? '' : text.slice(-half), left: text.length - 2 * half };
}

const strangeCell: RawCell = { cell_type: 'raw', source: 'This cell is not understood.', outputs: [] };

/** What is counted from cell to cell. */
interface Context {
  readonly plain: (text: string) => string;
  /** The cell, from 0, that went wrong, or was running when the time was up. */
  readonly failed: number | undefined;
  imagesLeft: number;
  charsLeft: number;
  numbered: number;
}

function viewOfCell(cell: RawCell, index: number, context: Context): Cell {
  const source = shown(cell.source, context);
  const place = index + 1;
  if (cell.cell_type !== 'code') return { kind: cell.cell_type === 'markdown' ? 'markdown' : 'raw', place, source };
  const outputs = outputsOf(cell);
  const hasCode = isNumbered(cell);
  if (hasCode) context.numbered += 1;
  return {
    kind: 'code',
    place,
    number: hasCode ? context.numbered : undefined,
    source,
    failed: context.failed === index,
    // An error comes last, and is what its author looks for.
    outputs: [...outputs.slice(0, maxOutputs - 1), ...outputs.slice(maxOutputs - 1).slice(-1)].map((output) =>
      viewOfOutput(output, context),
    ),
    moreOutputs: Math.max(0, outputs.length - maxOutputs),
  };
}

function shown(text: string, context: Context): Excerpt {
  const part = excerpt(text, Math.min(maxTextChars, context.charsLeft));
  context.charsLeft -= part.head.length + part.tail.length;
  return part;
}

function viewOfOutput(output: RawOutput, context: Context): Output {
  const { plain } = context;
  switch (output.output_type) {
    case 'stream':
      return {
        kind: 'text',
        tone: output.name === 'stderr' ? 'stderr' : 'plain',
        text: shown(plain(output.text), context),
      };
    case 'error': {
      const { ename, evalue, traceback } = output;
      return {
        kind: 'text',
        tone: 'error',
        text: shown(plain(traceback.join('\n') || `${ename}: ${evalue}`), context),
      };
    }
    case 'display_data':
    case 'execute_result':
      return viewOfData(output.data, context);
  }
}

function viewOfData(data: z.infer<typeof Bundle>, context: Context): Output {
  const text = Lines.safeParse(data['text/plain']).data;
  for (const type of ['image/png', 'image/jpeg']) {
    const base64 = Lines.safeParse(data[type]).data?.replaceAll(/\s/g, '');
    if (base64 === undefined) continue;
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { kind: 'unshown', what: 'a damaged picture' };
    if (base64.length > maxImageChars) return { kind: 'unshown', what: 'a very large picture' };
    if (context.imagesLeft === 0) return { kind: 'unshown', what: `a picture beyond the first ${maxImages}` };
    context.imagesLeft -= 1;
    return { kind: 'image', url: `data:${type};base64,${base64}`, alt: text?.slice(0, 200) ?? 'Output of the cell' };
  }
  if (text !== undefined) return { kind: 'text', tone: 'plain', text: shown(context.plain(text), context) };
  return {
    kind: 'unshown',
    what: `output of type ${Object.keys(data).slice(0, 3).join(', ').slice(0, 100) || 'unknown'}`,
  };
}
