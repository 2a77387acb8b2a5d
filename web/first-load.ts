import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Prints what a browser fetches before the first page is drawn (the entry and all that it imports statically), compressed, and fails the
 * build over the budget: size creeps in one harmless import at a time.
 */
export function firstLoadBudget({ maxScriptBytes }: { maxScriptBytes: number }): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
      );
      const needed = new Set([...chunks.values()].filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
      // A set is iterated over what is added meanwhile, so this follows the imports to their end.
      for (const name of needed) for (const imported of chunks.get(name)?.imports ?? []) needed.add(imported);
      const bytes = [...needed].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').byteLength, 0);
      this.info(
        `first load: ${(bytes / 1000).toFixed(1)} kB of script, compressed, in ${needed.size} files; at most ${maxScriptBytes / 1000} kB`,
      );
      if (bytes > maxScriptBytes)
        this.error(
          'The first load is over its budget: load what the first page does not need with lazyRouteComponent.',
        );
    },
  };
}
