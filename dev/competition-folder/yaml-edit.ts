import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

export type Path = readonly (string | number)[];

/** A change to the text of a YAML document. */
export type Edit =
  | { readonly kind: 'set'; readonly path: Path; readonly value: unknown }
  /** A key of a map, or an item of a list. */
  | { readonly kind: 'delete'; readonly path: Path }
  /** To a list. */
  | { readonly kind: 'append'; readonly path: Path; readonly value: unknown };

/**
 * Changes a document’s text and leaves every line that is not meant as it is, comments, order and spaces included. What it can’t change so, it writes anew
 * in the library’s own form.
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  return edits.reduce((changed, edit) => applied(changed, edit) ?? rewritten(changed, edit), text);
}

function applied(text: string, edit: Edit): string | undefined {
  const document = parseDocument(text);
  const after = plain(document, edit);
  const spliced = splice(text, document, edit)?.replaceAll(/\r?\n/g, text.includes('\r\n') ? '\r\n' : '\n');
  if (spliced === undefined) return undefined;
  const parsed = parseDocument(spliced);
  const isMeant = parsed.errors.length === 0 && JSON.stringify(parsed.toJS()) === JSON.stringify(after);
  return isMeant ? spliced : undefined;
}

/** What the document is to be afterwards. */
function plain(document: Document, edit: Edit): unknown {
  return change(document.clone(), edit).toJS();
}

function rewritten(text: string, edit: Edit): string {
  return change(parseDocument(text), edit).toString({ lineWidth: 0, flowCollectionPadding: false });
}

function change(document: Document, edit: Edit): Document {
  if (edit.kind === 'delete') document.deleteIn(edit.path);
  else if (edit.kind === 'append' && isSeq(document.getIn(edit.path, true)))
    document.addIn(edit.path, nodeOf(edit.value));
  else if (edit.kind === 'append') document.setIn(edit.path, nodeOf([edit.value]));
  else document.setIn(edit.path, nodeOf(edit.value));
  return document;
}

function nodeOf(value: unknown): unknown {
  return new Document(value).contents;
}

function splice(text: string, document: Document, edit: Edit): string | undefined {
  const flow = flowAround(document, edit.path);
  if (flow !== undefined) return replaceFlow(text, document, edit, flow);
  const last = edit.path.at(-1);
  const parent = nodeAt(document, edit.path.slice(0, -1));
  if (edit.kind === 'append') {
    const list = nodeAt(document, edit.path);
    if (isSeq(list) && list.flow !== true) return appendItem(text, list, edit.value);
    return splice(text, document, { kind: 'set', path: edit.path, value: valueAt(plain(document, edit), edit.path) });
  }
  if (edit.kind === 'delete') {
    if (isSeq(parent) && parent.items.length === 1)
      return splice(text, document, { kind: 'set', path: edit.path.slice(0, -1), value: [] });
    if (isSeq(parent) && typeof last === 'number') return deleteItem(text, parent, last);
    return isMap(parent) ? deletePair(text, parent, String(last)) : undefined;
  }
  return isMap(parent) ? setPair(text, parent, String(last), edit.value) : undefined;
}

/** The path of the outermost collection in braces or brackets that a path leads into: it is written as a whole. */
function flowAround(document: Document, path: Path): Path | undefined {
  for (let length = 1; length < path.length; length += 1) {
    const node = nodeAt(document, path.slice(0, length));
    if ((isMap(node) || isSeq(node)) && node.flow === true) return path.slice(0, length);
  }
  return undefined;
}

function replaceFlow(text: string, document: Document, edit: Edit, path: Path): string | undefined {
  const [from, to] = nodeAt(document, path)?.range ?? [];
  if (from === undefined || to === undefined) return undefined;
  const padded = text.slice(from, to).startsWith('{ ');
  const value = valueAt(plain(document, edit), path);
  const written = new Document(value).toString({
    lineWidth: 0,
    collectionStyle: 'flow',
    flowCollectionPadding: padded,
  });
  return text.slice(0, from) + written.trimEnd() + text.slice(to);
}

function setPair(text: string, map: YAMLMap, key: string, value: unknown): string | undefined {
  const pair = pairOf(map, key);
  if (pair === undefined) {
    const first = rangeOf(map.items[0]?.key)?.[0];
    const end = endOf(map);
    if (first === undefined || end === undefined) return undefined;
    return insertAfter(text, end, columnOf(text, first), blockOf({ [key]: value }));
  }
  const [start] = rangeOf(pair.key) ?? [];
  const [from, to] = rangeOf(pair.value) ?? [];
  if (start === undefined || from === undefined || to === undefined) return undefined;
  const isInline = isScalar(pair.value) ? !/^[|>]/.test(text.slice(from, to)) : isFlow(pair.value);
  if (isInline && isShort(value)) {
    const written = blockOf({ k: value }).replace(/^k: */, '');
    return text.slice(0, from) + (text[from - 1] === ':' ? ' ' : '') + written + text.slice(to);
  }
  const end = isInline ? to : trimmedEnd(text, endOf(pair) ?? to);
  return text.slice(0, start) + indented(blockOf({ [key]: value }), columnOf(text, start)) + text.slice(end);
}

function appendItem(text: string, list: YAMLSeq, value: unknown): string | undefined {
  const [first] = list.items;
  const from = rangeOf(first)?.[0];
  const end = endOf(list);
  if (list.flow === true || from === undefined || end === undefined) return undefined;
  const dash = text.lastIndexOf('-', from);
  return insertAfter(text, end, columnOf(text, dash), blockOf([value]));
}

function deleteItem(text: string, list: YAMLSeq, index: number): string | undefined {
  const item = list.items[index];
  const from = rangeOf(item)?.[0];
  const end = endOf(item);
  if (list.flow === true || from === undefined || end === undefined) return undefined;
  return deleteLines(text, text.lastIndexOf('-', from), end);
}

function deletePair(text: string, map: YAMLMap, key: string): string | undefined {
  const pair = pairOf(map, key);
  const start = rangeOf(pair?.key)?.[0];
  const end = endOf(pair);
  // The first of an item stands on the line of its dash.
  if (start === undefined || end === undefined || text.slice(lineStart(text, start), start).trim() !== '')
    return undefined;
  return deleteLines(text, start, end);
}

function deleteLines(text: string, from: number, to: number): string {
  return text.slice(0, lineStart(text, from)) + text.slice(lineEnd(text, trimmedEnd(text, to)) + 1);
}

function insertAfter(text: string, end: number, column: number, block: string): string {
  const at = lineEnd(text, trimmedEnd(text, end));
  const pad = ' '.repeat(column);
  return `${text.slice(0, at)}\n${pad}${indented(block, column)}${text.slice(at)}`;
}

function blockOf(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Seq: (_key, list) => {
      if (list.items.every((item) => isScalar(item))) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

/** All lines but the first moved to a column. */
function indented(block: string, column: number): string {
  return block.replaceAll('\n', `\n${' '.repeat(column)}`);
}

/** What may stand on the line of its key. */
function isShort(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((part) => part === null || typeof part !== 'object');
  return (value === null || typeof value !== 'object') && !String(value).includes('\n');
}

function nodeAt(document: Document, path: Path): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, name) => (part === null || part === undefined ? part : Reflect.get(Object(part), name)),
    value,
  );
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function isFlow(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? (node.range ?? undefined) : undefined;
}

/** Where the last value in something ends: a block’s own range also has the comments after it. */
function endOf(part: unknown): number | undefined {
  if (isMap(part) && part.flow !== true) return endOf(part.items.at(-1));
  if (isSeq(part) && part.flow !== true) return endOf(part.items.at(-1));
  if (part !== null && typeof part === 'object' && 'key' in part && 'value' in part)
    return endOf(part.value) ?? rangeOf(part.key)?.[1];
  return rangeOf(part)?.[1];
}

/** A block of text ends after its line break. */
function trimmedEnd(text: string, end: number): number {
  return end - (/\s*$/.exec(text.slice(0, end))?.[0].length ?? 0);
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}
