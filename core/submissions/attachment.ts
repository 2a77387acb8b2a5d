import type { AttachmentField } from '../contract/attachments.ts';

/** Less than a form’s field may hold: what was cut off there is not taken for the whole. */
export const maxTextBytes = 50_000;

/** What was sent for a field. `start`: its first bytes, as many as `maxTextBytes` + 1. */
export interface SentAttachment {
  readonly name: string;
  readonly bytes: number;
  readonly start: Uint8Array;
}

/** What keeps something from being handed in for a field: a sentence with the remedy; undefined if nothing does. */
export function attachmentProblem(
  { title, kind, endings }: AttachmentField,
  { name, bytes, start }: SentAttachment,
): string | undefined {
  if (bytes === 0) return `"${title}" is empty. Send it with its contents.`;
  if (kind === 'file') {
    const lower = name.toLowerCase();
    if (endings.length === 0 || endings.some((ending) => lower.endsWith(ending))) return undefined;
    return `"${title}" takes files that end in ${endings.join(', ')}; this is "${name}".`;
  }
  if (bytes > maxTextBytes) return `"${title}" takes a text of at most ${maxTextBytes} bytes; this has ${bytes}.`;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start);
    return text.trim() === '' ? `"${title}" is empty. Write something.` : undefined;
  } catch {
    return `"${title}" takes a text in UTF-8, and this is none.`;
  }
}
