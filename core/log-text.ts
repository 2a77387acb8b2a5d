/**
 * What a program printed, as a terminal would leave it: a progress bar that is drawn again and again is one line. Colours and other commands are
 * taken out, and characters that could deceive a reader (NUL, direction overrides) are shown as what they are. Pure, so that the kept log and the
 * live page read the same.
 */
export interface LogText {
  /** The lines so far; the last one may go on. */
  readonly lines: readonly string[];
  /** How many lines were dropped before the first of them. */
  readonly dropped: number;
  /**
   * Takes more of the text, cut anywhere.
   * @returns the index in `lines` of the first line that is new or changed
   */
  write(text: string): number;
}

interface LogTextOptions {
  /** What goes beyond is counted, and not kept. */
  readonly maxLineLength?: number;
  /** The oldest are dropped. */
  readonly maxLines?: number;
}

/** How far up a program may move to redraw its bars: more would let it change what has been read. */
const maxUp = 20;
/**
 * How many characters may be moved for each one that is written: a bar that is redrawn moves some. Who goes back in a line of a megabyte for each
 * character would busy the reader for minutes.
 */
const maxMovedEach = 64;
const maxMovedAnyway = 100_000;
/** A command that has not ended by then is none. */
const maxCommandLength = 1000;

// Text, or one command: CSI, a string command (OSC and its like) up to BEL or ST, a command of two or three characters, a control character.
const token =
  // oxlint-disable-next-line no-control-regex -- It is what terminals are told with.
  /([^\u0000-\u001f\u007f\u001b]+)|\u001b\[([0-?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-Z\\^-~]|([\u0000-\u001f\u007f])/gu;
// oxlint-disable-next-line no-control-regex
const unfinished = /\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?|[ -/]*)?$/u;
const deceptive =
  /[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

export function createLogText({ maxLineLength = Infinity, maxLines = Infinity }: LogTextOptions = {}): LogText {
  const lines: string[] = [''];
  let dropped = 0;
  let row = 0;
  let column = 0;
  let held = '';
  let firstChanged = 0;
  /** Characters that may still be moved in this `write`; what would be drawn over a line after that begins a new one. */
  let movesLeft = 0;

  const touch = (at: number) => {
    firstChanged = Math.min(firstChanged, at);
  };

  /** Where the line at hand is to be changed within. */
  function move(): void {
    movesLeft -= (lines[row] ?? '').length;
    if (movesLeft >= 0) return;
    row = lines.length - 1;
    newLine();
  }

  function put(text: string): void {
    const shown = text.replace(deceptive, codePoint);
    if (column < (lines[row] ?? '').length) move();
    const line = lines[row] ?? '';
    const room = Math.max(0, maxLineLength - column);
    const kept = shown.length > room ? shown.slice(0, room) : shown;
    lines[row] = line.slice(0, column) + kept + line.slice(column + kept.length);
    column += kept.length;
    touch(row);
  }

  function newLine(): void {
    row++;
    column = 0;
    if (row < lines.length) return;
    lines.push('');
    touch(row);
    if (lines.length <= maxLines) return;
    // Many at a time, since each time moves all that stay.
    const surplus = lines.length - Math.ceil(maxLines * 0.9);
    lines.splice(0, surplus);
    dropped += surplus;
    row -= surplus;
    firstChanged = 0;
  }

  function control(character: string): void {
    if (character === '\n') newLine();
    else if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === '\t') put('\t');
    // NUL and the bell say nothing; the others are shown.
    else if (character !== '\0' && character !== '\u0007') put(pictureOf(character));
  }

  function command(parameters: string, final: string): void {
    const [first = ''] = parameters.split(';');
    const count = /^\d{1,6}$/.test(first) ? Number(first) : undefined;
    if (final === 'A') row = Math.max(0, lines.length - 1 - maxUp, row - (count ?? 1));
    else if (final === 'B') row = Math.min(lines.length - 1, row + (count ?? 1));
    else if (final === 'K') erase(count ?? 0);
    else if (final === 'G') column = (count ?? 1) - 1;
    else if (final === 'D') column -= count ?? 1;
    column = Math.max(0, Math.min(column, (lines[row] ?? '').length));
  }

  function erase(how: number): void {
    if (how === 1 || (how === 0 && column < (lines[row] ?? '').length)) move();
    const line = lines[row] ?? '';
    if (how === 0) lines[row] = line.slice(0, column);
    else if (how === 1) lines[row] = ' '.repeat(Math.min(column, line.length)) + line.slice(column);
    else lines[row] = '';
    touch(row);
  }

  return {
    lines,
    get dropped() {
      return dropped;
    },
    write: (more) => {
      firstChanged = lines.length;
      movesLeft = maxMovedAnyway + maxMovedEach * more.length;
      let text = held + more;
      const open = unfinished.exec(text.slice(-maxCommandLength));
      held = open?.[0] ?? '';
      if (held !== '') text = text.slice(0, text.length - held.length);
      for (const [, plain, parameters = '', final, character] of text.matchAll(token)) {
        if (plain !== undefined) put(plain);
        else if (final !== undefined) command(parameters, final);
        else if (character !== undefined && character !== '\u001b') control(character);
      }
      return firstChanged;
    },
  };
}

/** The log as it is kept: beginning and end, with a line that says what lies between. Invalid UTF-8 becomes U+FFFD. */
export function cleanLog(log: {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly skipped: number;
}): string {
  if (log.skipped === 0) {
    const decoder = new TextDecoder();
    return flatten(decoder.decode(log.head, { stream: true }) + decoder.decode(log.tail));
  }
  const count = log.skipped.toLocaleString('en-US');
  return `${flatten(decode(log.head))}\n[… ${count} bytes left out …]\n${flatten(decode(log.tail))}`;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function flatten(text: string): string {
  const log = createLogText();
  log.write(text);
  return log.lines.join('\n');
}

/** As U+202E, say. */
function codePoint(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The control pictures of Unicode. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}
