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

async function open(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, credentials: 'same-origin' });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw unreachable(cause);
  }
}
