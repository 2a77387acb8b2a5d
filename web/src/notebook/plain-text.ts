import { createLogText } from '../../../core/log-text.ts';

const maxLineLength = 10_000;

/** What a terminal would show of it in the end: colours gone, progress bars one line. */
export function plainText(printed: string): string {
  const text = createLogText({ maxLineLength });
  text.write(printed);
  return text.lines.join('\n').trimEnd();
}
