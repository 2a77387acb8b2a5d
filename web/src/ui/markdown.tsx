import { type Components, toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { useMemo } from 'react';
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
  h1: ({ node: _, ...props }) => <h2 {...props} />,
  h2: ({ node: _, ...props }) => <h3 {...props} />,
  h3: ({ node: _, ...props }) => <h4 {...props} />,
  a: ({ node: _, ...props }) => <a {...props} rel="noreferrer" />,
  table: ({ node: _, ...props }) => (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label="Table">
      <table {...props} />
    </div>
  ),
  pre: ({ node: _, ...props }) => <pre {...props} tabIndex={0} />,
};

function render(text: string) {
  return toJsxRuntime(processor.runSync(processor.parse(text)), { Fragment, jsx, jsxs, components });
}
