import type { RunSample } from '../../core/contract/runs.ts';

/** A curve of bounded size: as it gets longer, neighbours are left out evenly. */
export interface Samples {
  add(sample: RunSample): void;
  readonly kept: readonly RunSample[];
}

export function createSamples(most = 240): Samples {
  let kept: RunSample[] = [];
  let every = 1;
  let seen = 0;
  return {
    add: (sample) => {
      if (seen++ % every !== 0) return;
      kept.push(sample);
      if (kept.length <= most) return;
      kept = kept.filter((_sample, index) => index % 2 === 0);
      every *= 2;
    },
    get kept() {
      return kept;
    },
  };
}
