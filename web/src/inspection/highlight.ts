import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';
import { parser } from '@lezer/python';

/** A piece of a line; `kind` is what it is in the language, undefined: nothing of note. */
export interface Piece {
  readonly text: string;
  readonly kind: Kind | undefined;
}

const kinds = ['keyword', 'string', 'number', 'comment', 'name'] as const;
type Kind = (typeof kinds)[number];

const highlighter = tagHighlighter([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword],
    class: 'keyword',
  },
  { tag: [tags.string, tags.special(tags.string)], class: 'string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'number' },
  { tag: tags.comment, class: 'comment' },
  {
    tag: [
      tags.definition(tags.variableName),
      tags.function(tags.definition(tags.variableName)),
      tags.className,
      tags.meta,
    ],
    class: 'name',
  },
]);

/** More would hang the page: it is shown without colours. */
const maxChars = 200_000;

/** A program line by line, in pieces of plain text. Whoever wrote it may be hostile: nothing of it is ever read as HTML. */
export function highlightPython(text: string): Piece[][] {
  if (text.length > maxChars) return text.split('\n').map((line) => [{ text: line, kind: undefined }]);
  const lines: Piece[][] = [[]];
  highlightCode(
    text,
    parser.parse(text),
    highlighter,
    (piece, names) => lines.at(-1)?.push({ text: piece, kind: kinds.find((kind) => names.split(' ').includes(kind)) }),
    () => lines.push([]),
  );
  return lines;
}
