import type { JSX as ReactJsx } from 'react';

/** hast-util-to-jsx-runtime names its result by the global namespace that React 19 has left; without this it has no type at all. */
declare global {
  namespace JSX {
    type Element = ReactJsx.Element;
    type ElementClass = ReactJsx.ElementClass;
    type IntrinsicElements = ReactJsx.IntrinsicElements;
  }
}

declare module 'react' {
  interface CSSProperties {
    /** The colour of a series in a chart and its legend. */
    '--key'?: string;
  }
}
