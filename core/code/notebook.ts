import { z } from 'zod';
import { quote } from '../scoring/report.ts';
import { megabytes, refuse } from './refusal.ts';
import { decode } from './script.ts';

/** Outputs with pictures make notebooks large. */
export const maxNotebookBytes = 16 * 2 ** 20;
const maxDepth = 100;
/** Objects, arrays and values: each takes memory once parsed, far more than its bytes. */
const maxParts = 1_000_000;

const Source = z.union([z.string(), z.array(z.string())]);
const Notebook = z.object({
  nbformat: z.number(),
  metadata: z
    .object({
      kernelspec: z.object({ language: z.string().optional() }).optional(),
      language_info: z.object({ name: z.string().optional() }).optional(),
    })
    .optional(),
  cells: z.array(z.object({ cell_type: z.string(), source: Source })).max(10_000),
});

/**
 * A notebook of format 4 in Python with something to run, as https://nbformat.readthedocs.io/en/latest/format_description.html has it.
 * @throws CodeRefused
 */
export function checkNotebook(bytes: Uint8Array, path?: string): void {
  if (bytes.length > maxNotebookBytes)
    throw refuse('too-large', `A notebook may have ${megabytes(maxNotebookBytes)}. Clear its outputs.`, path);
  const text = decode(bytes, path);
  requireBounded(bytes, path);
  const notebook = Notebook.safeParse(parse(text, path));
  if (!notebook.success) {
    const [issue] = notebook.error.issues;
    const where = issue && issue.path.length > 0 ? ` (${issue.path.join('.')}: ${issue.message})` : '';
    throw refuse('bad-notebook', `This is JSON, but no notebook of format 4${where}. Save it again in Jupyter.`, path);
  }
  const { nbformat, metadata, cells } = notebook.data;
  if (nbformat !== 4)
    throw refuse('bad-notebook', `The notebook has format ${nbformat}; 4 is understood. Save it in Jupyter.`, path);
  const language = metadata?.kernelspec?.language ?? metadata?.language_info?.name ?? 'python';
  if (!/^i?python\d?$/i.test(language))
    throw refuse('bad-notebook', `The notebook is in ${quote(language)}; Python is run here.`, path);
  const runs = cells.some(({ cell_type: type, source }) => type === 'code' && [source].flat().join('').trim() !== '');
  if (!runs) throw refuse('bad-notebook', 'The notebook has no code in it.', path);
}

function parse(text: string, path: string | undefined): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw refuse('bad-notebook', 'This is no notebook: its JSON is damaged. Download or save it again.', path);
  }
}

const [quoteMark, backslash, comma] = [0x22, 0x5c, 0x2c];

/** Counts depth and parts before anything is parsed; strings are skipped. */
function requireBounded(bytes: Uint8Array, path: string | undefined): void {
  let depth = 0;
  let parts = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quoteMark) at = endOfString(bytes, at);
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      parts += 1;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === comma) parts += 1;
    if (depth > maxDepth || parts > maxParts)
      throw refuse('bad-notebook', 'The notebook’s JSON is too deep or has too many parts. Clear its outputs.', path);
  }
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quoteMark) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
