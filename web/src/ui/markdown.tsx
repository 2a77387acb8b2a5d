import { type Components, toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { type ReactNode, useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import classes from './markdown.module.css';

/** Markdown by whoever wrote it: HTML in it is dropped, the tree is sanitised, and React makes the elements. */
export function Markdown({ text }: { text: string }) {
  const content = useMemo(() => render(text), [text]);
  return <div className={classes.prose}>{content}</div>;
}

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkRehype).use(rehypeSanitize);

/** The page has its own h1, so the document's headings start one level lower. A wide table scrolls by itself. */
const components: Partial<Components> = {
  h1: 'h2',
  h2: 'h3',
  h3: 'h4',
  table: ({ children }) => (
    <div className={classes.scroll}>
      <table>{children}</table>
    </div>
  ),
};

function render(text: string): ReactNode {
  return toJsxRuntime(processor.runSync(processor.parse(text)), { Fragment, jsx, jsxs, components });
}
