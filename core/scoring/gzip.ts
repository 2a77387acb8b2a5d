/** RFC 1952: every member of a gzip file starts with these two bytes. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

export const gzipTruncated = 'The gzip file is cut off. Compress and upload it again.';
export const gzipDamage =
  'The gzip file is damaged: it does not unpack. Compress and upload it again, or upload the CSV itself.';
