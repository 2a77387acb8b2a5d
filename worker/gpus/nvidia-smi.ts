import { spawn } from 'node:child_process';

/** `failed` holds what it printed as well: a driver that lost one device still lists the others. */
export type SmiAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string; readonly reason: string }
  | { readonly kind: 'missing' };

/** Asks the driver by `nvidia-smi`. Never rejects and answers within its deadline: a driver in trouble leaves nvidia-smi hanging in the kernel. */
export type Smi = (args: readonly string[]) => Promise<SmiAnswer>;

const mostChars = 1 << 20;

/** @param program a name to be found on the PATH, or a path */
export function createSmi(program = 'nvidia-smi', timeoutMs = 10_000): Smi {
  return async (args) =>
    await new Promise((resolve) => {
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      let complaint = '';
      const settle = (answer: SmiAnswer) => {
        clearTimeout(timer);
        // It may be beyond the reach of signals: then it is left, and keeps neither pipe nor process waiting.
        child.kill('SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        resolve(answer);
      };
      const timer = setTimeout(
        () => settle({ kind: 'failed', text, reason: `nvidia-smi did not answer within ${timeoutMs / 1000} s` }),
        timeoutMs,
      );
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text = (text + chunk).slice(0, mostChars);
      });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        complaint = (complaint + chunk).slice(0, 1000);
      });
      child.once('error', (error: NodeJS.ErrnoException) => {
        settle(error.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', text, reason: error.message });
      });
      child.once('close', (code, signal) => {
        if (code === 0) return settle({ kind: 'answered', text });
        const said = firstLine(complaint) ?? firstLine(text) ?? 'nothing';
        settle({ kind: 'failed', text, reason: `nvidia-smi ended with ${signal ?? code} and said: ${said}` });
      });
    });
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim().slice(0, 300))
    .find((line) => line !== '');
}
