import { type Components, toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { type ReactNode, useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import classes from './markdown.module.css';

interface Props {
  readonly text: string;
  /** A student's pictures are not loaded: their server would learn who reads. */
  readonly by?: 'staff' | 'student';
}

/** Markdown by whoever wrote it: HTML in it is dropped, the tree is sanitised, and React makes the elements. */
export function Markdown({ text, by = 'staff' }: Props) {
  const content = useMemo(() => render(text, by === 'staff' ? components : withoutPictures), [text, by]);
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

const withoutPictures: Partial<Components> = {
  ...components,
  img: ({ alt }) => <span className="dim">[picture: {alt || 'no description'}]</span>,
};

/** No text needs more, and a browser gives up on a page that is thousands deep. */
const maxDepth = 60;

/** What can't be rendered is shown as it was written. */
function render(text: string, shown: Partial<Components>): ReactNode {
  try {
    const tree = processor.runSync(processor.parse(text));
    if (depthOf(tree) > maxDepth) return <pre>{text}</pre>;
    return toJsxRuntime(tree, { Fragment, jsx, jsxs, components: shown });
  } catch {
    return <pre>{text}</pre>;
  }
}

type Tree = Parameters<typeof toJsxRuntime>[0];

function depthOf(tree: Tree): number {
  let depth = 0;
  for (let level: readonly Tree[] = [tree]; level.length > 0; depth += 1)
    level = level.flatMap((node) => ('children' in node ? node.children : []));
  return depth;
}
