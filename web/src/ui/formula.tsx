import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';

interface Props {
  readonly tex: string;
  /** On a line of its own. */
  readonly display: boolean;
}

/**
 * A formula in TeX as MathML, which browsers draw and screen readers read. KaTeX makes the elements, so that no text becomes HTML; what links, loads or
 * expands without end is refused, and what it can't read is shown as it was written.
 */
export function Formula({ tex, display }: Props) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    katex.render(tex, place.current, {
      output: 'mathml',
      displayMode: display,
      throwOnError: false,
      trust: false,
      strict: 'ignore',
      maxExpand: 200,
      maxSize: 20,
    });
  }, [tex, display]);
  return <span ref={place} />;
}
