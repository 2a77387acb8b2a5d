/** Files that are all different and all valid: `n` swaps the two best labels of two rows. */
export function createVariants(csv: string): (n: number) => Buffer {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  return (n) => {
    const changed = [...lines];
    const first = n % lines.length;
    const second = (first + 1 + (Math.floor(n / lines.length) % (lines.length - 1))) % lines.length;
    for (const index of [first, second])
      changed[index] = (changed[index] ?? '').replace(/^([^,]+),([^,]+),([^,]+)/, '$1,$3,$2');
    return Buffer.from(`${header}\n${changed.join('\n')}\n`);
  };
}
