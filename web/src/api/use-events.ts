import { useEffect, useEffectEvent, useState } from 'react';

/** `down` means that nobody tells of changes: the caller polls until it is `live` again. */
export type Liveness = 'connecting' | 'live' | 'down';

type Listener = (data: string) => void;

const REOPEN_AFTER_MS = 5000;

/**
 * Follows a stream of server-sent events while the page is visible: a browser keeps only six connections to a host open, and a hidden
 * tab must not hold one. The browser itself reconnects after a break, with Last-Event-ID; this reopens what the browser gave up.
 * No url: nothing to follow. A stream that is reopened has no Last-Event-ID: it begins as for a newcomer.
 */
export function useEvents(url: string | undefined, listeners: Readonly<Record<string, Listener>>): Liveness {
  const visible = usePageVisible();
  const [liveness, setLiveness] = useState<Liveness>('connecting');
  const names = Object.keys(listeners).join(' ');
  const emit = useEffectEvent((name: string, data: string) => listeners[name]?.(data));

  useEffect(() => {
    if (url === undefined || !visible) return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const opened = new EventSource(url);
      source = opened;
      opened.onopen = () => setLiveness('live');
      for (const name of names.split(' '))
        opened.addEventListener(name, (event: MessageEvent<unknown>) => {
          if (typeof event.data === 'string') emit(name, event.data);
        });
      opened.onerror = () => {
        setLiveness('down');
        if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_AFTER_MS);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
      setLiveness('connecting');
    };
  }, [url, names, visible]);

  return liveness;
}

function usePageVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const listen = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', listen);
    return () => document.removeEventListener('visibilitychange', listen);
  }, []);
  return visible;
}
