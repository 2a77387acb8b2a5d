import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * A page change loads no document, so a screen reader would not notice it: this tells the new title, and brings the focus into the page
 * when what had it is gone.
 */
export function RouteAnnouncer() {
  const router = useRouter();
  const [title, setTitle] = useState('');
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || fromLocation === undefined) return;
        setTitle(document.title);
        if (document.activeElement === null || document.activeElement === document.body)
          document.getElementById('main')?.focus({ preventScroll: true });
      }),
    [router],
  );
  return (
    <p className="visually-hidden" aria-live="polite">
      {title}
    </p>
  );
}
