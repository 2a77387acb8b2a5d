import { fileName } from '../../core/competition-folder/parse.ts';

/** Where the files of a folder lie: each path holds one content, each content may lie at several paths. */
export interface FilePlaces {
  /** @returns the wanted path, or one beside it where that has another content already */
  put(wanted: string, sha256: string): string;
  putText(wanted: string, text: string): string;
  /** By path: a hash of what the server has, or a text. */
  readonly files: ReadonlyMap<string, { readonly sha256: string } | { readonly text: string }>;
}

export function createPlaces(): FilePlaces {
  const files = new Map<string, { sha256: string } | { text: string }>();
  const place = (wanted: string, content: { sha256: string } | { text: string }): string => {
    const [, stem = wanted, ending = ''] = /^(.*?)(\.[^./]+)?$/s.exec(wanted) ?? [];
    for (let number = 1; ; number += 1) {
      const path = number === 1 ? wanted : `${stem}-${number}${ending}`;
      if (path === fileName) continue;
      const there = files.get(path);
      if (there === undefined) files.set(path, content);
      if (there === undefined || JSON.stringify(there) === JSON.stringify(content)) return path;
    }
  };
  return {
    put: (wanted, sha256) => place(wanted, { sha256 }),
    putText: (wanted, text) => place(wanted, { text }),
    files,
  };
}
