import { problemOf, unreachable } from './problem.ts';

/**
 * Reads a text as it arrives, chunk by chunk; what is not UTF-8 is replaced.
 * Throws an `ApiProblem`, or the signal's reason.
 */
export async function* readText(url: string, signal: AbortSignal): AsyncGenerator<string> {
  const response = await open(url, signal);
  if (!response.ok) throw problemOf(response.status, await response.text());
  if (response.body === null) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const text = done ? decoder.decode() : decoder.decode(value, { stream: true });
      if (text !== '') yield text;
      if (done) return;
    }
  } finally {
    // A reader that leaves early must not let the rest be sent.
    await reader.cancel().catch(() => undefined);
  }
}

/** A whole text; undefined where it has more than `maxChars`. */
export async function readWholeText(url: string, maxChars: number, signal: AbortSignal): Promise<string | undefined> {
  const parts: string[] = [];
  let chars = 0;
  for await (const part of readText(url, signal)) {
    chars += part.length;
    if (chars > maxChars) return undefined;
    parts.push(part);
  }
  return parts.join('');
}

/** The first bytes of a file, and whether they are all of it. Throws as `readText`. */
export async function readHead(
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; complete: boolean }> {
  const response = await open(url, signal, { range: `bytes=0-${maxBytes - 1}` });
  // Of an empty file there is no first byte.
  if (response.status === 416) return { bytes: new Uint8Array(0), complete: true };
  if (!response.ok) throw problemOf(response.status, await response.text());
  const size = Number(response.headers.get('content-range')?.split('/')[1] ?? response.headers.get('content-length'));
  const head = new Uint8Array(maxBytes);
  let read = 0;
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined && read < maxBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, maxBytes - read);
      head.set(part, read);
      read += part.length;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  return { bytes: head.subarray(0, read), complete: read === size };
}

async function open(url: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
  try {
    return await fetch(url, { signal, credentials: 'same-origin', headers });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw unreachable(cause);
  }
}
