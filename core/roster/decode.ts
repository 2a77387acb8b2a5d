/**
 * The text of a file that a learning-management system or a spreadsheet wrote: UTF-8, UTF-16 (Blackboard's, with a byte order mark or without), else
 * Windows-1252. Undefined for what is no text, such as a workbook.
 */
export function decodeRoster(bytes: Uint8Array): string | undefined {
  const text = decode(bytes);
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? undefined : text.includes('\0') ? undefined : text;
}

function decode(bytes: Uint8Array): string {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // Headers are of ASCII letters: every other byte is empty.
  if (second === 0 && fourth === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0 && third === 0) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
