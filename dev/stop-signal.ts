/**
 * Tells of a wish to stop: Ctrl-C, SIGTERM, SIGHUP, or the end of the process that started this one.
 * @param again called on the second wish. One Ctrl-C arrives up to three times within milliseconds (from the terminal, from npm,
 * from the bootstrap), so what follows within half a second belongs to the first.
 */
export function stopSignal(again: () => void): AbortController {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const wish = (why: string) => {
    firstAt ??= Date.now();
    if (!controller.signal.aborted) controller.abort(new Error(why));
    else if (Date.now() - firstAt > 500) again();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => wish(name));
  process.on('disconnect', () => wish('the end of npm start'));
  process.channel?.unref();
  // A terminal that went away must not turn the next line into a crash.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return controller;
}
