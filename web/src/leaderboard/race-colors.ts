/** Told apart also by who sees few colours, each with enough contrast on both schemes' surfaces (light-dark: the first of a pair is for light pages). */
const colors = [
  'light-dark(#0a6353, #4aab94)',
  'light-dark(#1f5fa8, #7fb2ee)',
  'light-dark(#8e3b8f, #d79bd8)',
  'light-dark(#8a5a00, #d9a441)',
  'light-dark(#a3322a, #ff8f85)',
  'light-dark(#46606b, #a5bcc6)',
  'light-dark(#00707f, #5cc7d6)',
  'light-dark(#5b6b00, #b6c94f)',
  'light-dark(#b0246a, #ff92c2)',
  'light-dark(#5348b5, #a9a1ff)',
];

/** The colour of a runner in the race: mine always has the signal's, and baselines are grey. */
export function keyOf(
  { mine, baseline }: { readonly mine: boolean; readonly baseline: boolean },
  index: number,
): string {
  if (mine) return 'var(--signal)';
  if (baseline) return 'var(--mantine-color-dimmed)';
  return colors[index % colors.length] ?? 'var(--accent)';
}
