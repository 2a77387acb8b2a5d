/** What a program's last words say about why it ended. Guesses from text, for the sentence that its author reads; no verdict hangs on them. */

/** The last epoch that a line of the log names, as " after epoch 3"; empty where none does. */
export function afterEpoch(log: string): string {
  const named = [...log.matchAll(/\bepoch\b[\s:=#[(]*(\d{1,6})\b/gi)].at(-1)?.[1];
  return named === undefined ? '' : ` after epoch ${named}`;
}

const noNetwork =
  /temporary failure in name resolution|name or service not known|nodename nor servname|getaddrinfo|NameResolutionError|failed to resolve|could not resolve host|unable to resolve host|network is unreachable|no route to host|cannot assign requested address|URLError|ConnectionError|MaxRetryError|max retries exceeded|NewConnectionError|ConnectError|ClientConnectorError|LocalEntryNotFoundError|OfflineModeIsEnabled|couldn't connect to|ProxyError|could not find a version that satisfies|no matching distribution found/i;

/** What people call, the outermost first: torch.hub calls urlopen. */
const callers: readonly (readonly [RegExp, string])[] = [
  [
    /\bpip3? (?:install|download)\b|no matching distribution found|could not find a version that satisfies|pip\/_(?:vendor|internal)/i,
    'pip install',
  ],
  [/\bconda install\b/, 'conda install'],
  [/\b(?:apt|apt-get) install\b/, 'apt install'],
  [/\btorch\.hub\.(\w+)/, 'torch.hub.$1'],
  [/\b(?:load_state_dict_from_url|model_zoo\.load_url)\b/, 'downloading pretrained weights'],
  [/\b(?:datasets\.)?load_dataset\b/, 'datasets.load_dataset'],
  [/\b\w*\.?from_pretrained\b/, 'from_pretrained'],
  [/\b(hf_hub_download|snapshot_download)\b/, '$1'],
  [/\bdownload\s*=\s*True\b|torchvision\/datasets/, 'downloading a torchvision dataset'],
  [/\b(fetch_(?:openml|20newsgroups|california_housing|olivetti_faces|lfw_\w+))\b/, '$1'],
  [/\bnltk\.download\b/, 'nltk.download'],
  [/\b(?:keras|tf)\.[\w.]*get_file\b/, 'keras get_file'],
  [/\bgdown\b/, 'gdown'],
  [/\b(requests|httpx)\.(get|post|put|head|request)\b/, '$1.$2'],
  [/\burllib\.request\.(\w+)/, 'urllib.request.$1'],
  [/\b(urlopen|urlretrieve)\b/, '$1'],
  [/\bgit clone\b/, 'git clone'],
  [/\b(wget|curl)\b/, '$1'],
  [/\bsocket\.(create_connection|getaddrinfo|gethostbyname)\b/, 'socket.$1'],
];

/** "requests.get", "pip install", …, where the end of the log tells of a network that is not there. */
export function networkCall(log: string): string | undefined {
  const end = log.slice(-8_000);
  if (!noNetwork.test(end)) return undefined;
  for (const [pattern, name] of callers) {
    const found = pattern.exec(end);
    if (found) return name.replaceAll(/\$(\d)/g, (_all, group: string) => found[Number(group)] ?? '');
  }
  return 'a connection';
}

export type Shortage = 'disk' | 'shared-memory' | 'processes' | 'gpu-memory' | 'memory';

const shortages: readonly (readonly [RegExp, Shortage])[] = [
  [/CUDA out of memory|OutOfMemoryError: CUDA|CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED/, 'gpu-memory'],
  [
    /insufficient shared memory|unable to (?:allocate|open|mmap).{0,40}shared memory|shm_open|torch_\d+_\d+.{0,40}No space left/i,
    'shared-memory',
  ],
  [/No space left on device|Errno 28|Disk quota exceeded|ENOSPC/, 'disk'],
  [
    /can't start new thread|Cannot fork|fork: (?:retry: )?Resource temporarily unavailable|BlockingIOError: \[Errno 11\]|pthread_create failed|libgomp: Thread creation failed/i,
    'processes',
  ],
  [
    /\bMemoryError\b|can't allocate memory|Cannot allocate memory|std::bad_alloc|Unable to allocate .{1,40} for an array/,
    'memory',
  ],
];

/** What ran out, where the end of the log says so. */
export function shortageIn(log: string): Shortage | undefined {
  const end = log.slice(-4_000);
  return shortages.find(([pattern]) => pattern.test(end))?.[1];
}

/** The exception of a Python traceback at the log's end, and the last line of the student's own that it went through. */
export function exceptionIn(log: string): { readonly text: string; readonly place: string | undefined } | undefined {
  const end = log.slice(-20_000);
  const begin = Math.max(end.lastIndexOf(tracebackHead), unparsedAt(end));
  if (begin < 0) return undefined;
  const lines = end.slice(begin).split('\n');
  const text = lines.find((line, index) => index > 0 && /^[A-Za-z_][\w.]*(?::|$)/.test(line));
  if (text === undefined) return undefined;
  const frames = [...end.slice(begin).matchAll(/^[ \t]*File "\/topk\/job\/([^"]{1,200})", line (\d+)/gm)];
  const last = frames.at(-1);
  return { text, place: last && `${last[1]}, line ${last[2]}` };
}

/**
 * The part of a log that tells what ended the program: its last traceback with those that it was raised from; all of it where there is none. What was
 * caught and printed before is no cause.
 */
export function lastCause(log: string): string {
  const end = log.slice(-20_000);
  const chained =
    /(?:The above exception was the direct cause of the following exception|During handling of the above exception, another exception occurred):\s*$/;
  let begin = end.lastIndexOf(tracebackHead);
  while (begin > 0 && chained.test(end.slice(0, begin))) {
    const earlier = end.lastIndexOf(tracebackHead, begin - 1);
    if (earlier < 0) break;
    begin = earlier;
  }
  return begin < 0 ? log : end.slice(begin);
}

const tracebackHead = 'Traceback (most recent call last)';

/** Where Python says of a file that it can't be parsed: that has no traceback, since nothing was called. */
function unparsedAt(end: string): number {
  return end
    .trimEnd()
    .search(
      /(?:^|\n) {2}File "[^"\n]{1,300}", line \d+\n(?: {4}.*\n){0,3}(?:SyntaxError|IndentationError|TabError): .*$/,
    );
}

/** The last lines that are not blank. */
export function lastLines(log: string, count: number): string[] {
  const lines = log.slice(-20_000).split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-count);
}
