import { type Components, type ExtraProps, toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { type ComponentProps, lazy, type ReactNode, Suspense, useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import classes from './markdown.module.css';

/** Only who reads a formula fetches what draws it. */
const Formula = lazy(async () => ({ default: (await import('./formula.tsx')).Formula }));

type Nodes = Parameters<typeof toJsxRuntime>[0];
type Element = Extract<Nodes, { type: 'element' }>;

interface Props {
  readonly text: string;
  /** A student's pictures are not loaded: their server would learn who reads. */
  readonly by?: 'staff' | 'student';
  /** Addresses of pictures that the text may name by their file's name alone. */
  readonly pictures?: ReadonlyMap<string, string>;
}

/** Markdown by whoever wrote it, with formulas in TeX: HTML in it is dropped, the tree is sanitised, and React makes the elements. */
export function Markdown({ text, by = 'staff', pictures }: Props) {
  const content = useMemo(
    () => render(text, by === 'student' ? withoutPictures : pictures === undefined ? components : withFiles(pictures)),
    [text, by, pictures],
  );
  return <div className={classes.prose}>{content}</div>;
}

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkMath).use(remarkRehype).use(rehypeSanitize);

/** What scrolls by itself is scrolled from the keyboard as well. */
function scrolled(label: string) {
  return { role: 'group', tabIndex: 0, 'aria-label': label };
}

/** The page has its own h1, so the document's headings start one level lower. A wide table or formula scrolls by itself. */
const components: Partial<Components> = {
  h1: 'h2',
  h2: 'h3',
  h3: 'h4',
  table: ({ children }) => (
    <div className={classes.scroll} {...scrolled('Table')}>
      <table>{children}</table>
    </div>
  ),
  code: Code,
  p: Block,
  pre: Block,
};

const withoutPictures: Partial<Components> = {
  ...components,
  img: ({ alt }) => <span className="dim">[picture: {alt || 'no description'}]</span>,
};

function withFiles(pictures: ReadonlyMap<string, string>): Partial<Components> {
  return {
    ...components,
    img: ({ src = '', alt = '', title }) => (
      <img src={pictures.get(src.replace(/^\.\//, '')) ?? src} alt={alt} title={title} loading="lazy" />
    ),
  };
}

function Code({ node, children, className }: ComponentProps<'code'> & ExtraProps) {
  const tex = texOf(node);
  return tex === undefined ? <code className={className}>{children}</code> : <Drawn tex={tex} display={false} />;
}

/** A formula with nothing beside it is set on a line of its own, however many dollars are around it. */
function Block({ node, children }: { node?: Element | undefined; children?: ReactNode }) {
  const [only, more] = node?.children ?? [];
  const tex = only?.type === 'element' && more === undefined ? texOf(only) : undefined;
  if (tex === undefined) return node?.tagName === 'pre' ? <pre>{children}</pre> : <p>{children}</p>;
  return (
    <div className={classes.scroll} {...scrolled('Formula')}>
      <Drawn tex={tex} display />
    </div>
  );
}

function Drawn({ tex, display }: { tex: string; display: boolean }) {
  return (
    <Suspense fallback={<code>{tex}</code>}>
      <Formula tex={tex} display={display} />
    </Suspense>
  );
}

/** No text needs more, and a browser gives up on a page that is thousands deep. */
const maxDepth = 60;
/** Each takes time to be drawn; what is beyond is shown as it was written. */
const maxFormulas = 300;
const maxTexChars = 2000;

/** What can't be rendered is shown as it was written. */
function render(text: string, shown: Partial<Components>): ReactNode {
  try {
    const tree = processor.runSync(processor.parse(text));
    if (depthOf(tree) > maxDepth) return <pre>{text}</pre>;
    boundFormulas(tree);
    return toJsxRuntime(tree, { Fragment, jsx, jsxs, components: shown, passNode: true });
  } catch {
    return <pre>{text}</pre>;
  }
}

/** The TeX of an element that is a formula. */
function texOf(node: Element | undefined): string | undefined {
  if (node?.tagName !== 'code' || !isMath(node)) return undefined;
  const [text] = node.children;
  return text?.type === 'text' ? text.value : undefined;
}

function isMath({ properties: { className } }: Element): boolean {
  return Array.isArray(className) && className.includes('language-math');
}

/** Makes plain code of formulas that are too long or too many. */
function boundFormulas(tree: Nodes): void {
  let formulas = 0;
  for (let level: readonly Nodes[] = [tree]; level.length > 0; level = level.flatMap(childrenOf))
    for (const node of level) {
      const tex = node.type === 'element' ? texOf(node) : undefined;
      if (node.type !== 'element' || tex === undefined) continue;
      formulas += 1;
      if (formulas > maxFormulas || tex.length > maxTexChars) node.properties = {};
    }
}

function depthOf(tree: Nodes): number {
  let depth = 0;
  for (let level: readonly Nodes[] = [tree]; level.length > 0; depth += 1) level = level.flatMap(childrenOf);
  return depth;
}

function childrenOf(node: Nodes): readonly Nodes[] {
  return 'children' in node ? node.children : [];
}
