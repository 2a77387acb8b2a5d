import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  json(): unknown;
}

/** Sends bytes as they are to a server and reads one answer of HTTP/1.1. */
export async function sendRaw(url: string, ...parts: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  try {
    for (const part of parts) socket.write(part);
    for await (const chunk of socket) {
      chunks.push(Buffer.from(chunk));
      const answer = parse(Buffer.concat(chunks));
      if (answer) return answer;
    }
    throw new Error(`the server ended the connection early: ${Buffer.concat(chunks).toString().slice(0, 500)}`);
  } finally {
    socket.destroy();
  }
}

/** Undefined while some of it is still to come. */
function parse(bytes: Buffer): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString().split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const status = Number(first.split(' ')[1]);
  // An interim answer, before the one that counts.
  if (status < 200) return parse(bytes.subarray(end + 4));
  const rest = bytes.subarray(end + 4);
  const body = headers['transfer-encoding'] === 'chunked' ? unchunk(rest) : sized(rest, headers['content-length']);
  return body && { status, headers, body, json: () => JSON.parse(body.toString()) };
}

function sized(rest: Buffer, length = '0'): Buffer | undefined {
  return rest.length < Number(length) ? undefined : rest.subarray(0, Number(length));
}

function unchunk(rest: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = rest.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = parseInt(rest.subarray(at, end).toString(), 16);
    if (rest.length < end + 2 + size + 2) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(rest.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
