import { readLiveLog } from '../../core/live-log.ts';
import type { RunId } from '../../core/submissions/runs.ts';

export interface LogPiece {
  /** Where the text begins among all that was printed, in bytes. */
  readonly offset: number;
  readonly text: string;
  /** Bytes that were left out before it. */
  readonly skipped: number;
  /** Where the next piece is to be read. */
  readonly next: number;
}

const pieceBytes = 64 * 1024;

/**
 * What was printed from `offset` on, in whole characters; undefined where there is nothing more at present.
 * @param isOver nothing will follow: half a character at the end is all there will be of it
 */
export async function readLiveText(
  dataDir: string,
  run: RunId,
  offset: number,
  isOver: boolean,
): Promise<LogPiece | undefined> {
  const piece = await readLiveLog(dataDir, run, offset, pieceBytes);
  if (piece === undefined) return undefined;
  const whole = wholeCharacters(piece.bytes);
  const length = whole === 0 && isOver ? piece.bytes.length : whole;
  if (length === 0) return undefined;
  return {
    offset: piece.offset,
    text: new TextDecoder().decode(piece.bytes.subarray(0, length)),
    skipped: piece.offset - offset,
    next: piece.offset + length,
  };
}

/** How many bytes there are before a character of UTF-8 that is cut at the end; what is no UTF-8 anyway is not waited for. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (needed > 0) return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
