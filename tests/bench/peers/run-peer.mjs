// The protocol of a peer: one JSON argument { key, k, classes, files, repeats }, one JSON line with times in ms, counts and peak memory.
export async function runPeer(prepare) {
  const task = JSON.parse(process.argv[2]);
  const score = await prepare(task);
  const results = [];
  for (const file of task.files) {
    const times = [];
    let counts;
    for (let i = 0; i <= task.repeats; i++) {
      const began = performance.now();
      counts = await score(file);
      // The first run warms caches and compilers, for every peer alike.
      if (i > 0) times.push(performance.now() - began);
    }
    results.push({ file, times, counts });
  }
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(`${JSON.stringify({ results, peakMb: maxRSS / 1024 })}\n`, () => process.exit(0));
}
