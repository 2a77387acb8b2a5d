import { describe, expect, it } from 'vitest';
import { excerpt, readNotebook } from './notebook.ts';

const asIs = (text: string) => text;

function read(...cells: unknown[]) {
  const view = readNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }), asIs);
  if (view === undefined) throw new Error('it was not read');
  return view;
}

function code(...outputs: unknown[]) {
  return { cell_type: 'code', source: ['a = 1\n', 'a'], execution_count: 1, metadata: {}, outputs };
}

function outputsOf(...outputs: unknown[]) {
  const [cell] = read(code(...outputs)).cells;
  return cell?.kind === 'code' ? cell.outputs : [];
}

const failure = { output_type: 'error', ename: 'ValueError', evalue: 'no', traceback: ['Traceback', 'ValueError: no'] };

describe('readNotebook', () => {
  it('joins what the format keeps as lines, and numbers the cells with code as the log does', () => {
    const empty = { cell_type: 'code', source: ' ', outputs: [] };
    const { cells, failed } = read({ cell_type: 'markdown', source: ['# Hello\n', 'there'] }, empty, code());
    expect(cells[0]).toMatchObject({ kind: 'markdown', place: 1, source: { head: '# Hello\nthere' } });
    expect(cells[1]).toMatchObject({ kind: 'code', place: 2, number: undefined });
    expect(cells[2]).toMatchObject({ kind: 'code', place: 3, number: 1, failed: false });
    expect(failed).toBeUndefined();
  });

  it('marks the cell that went wrong', () => {
    const view = read(code(), { cell_type: 'markdown', source: '' }, code(failure), code());
    expect(view.failed).toMatchObject({ place: 3, number: 2 });
    expect(view.cells.map((cell) => cell.kind === 'code' && cell.failed)).toEqual([false, false, true, false]);
  });

  it('marks the cell that was running when the time was up', () => {
    const json = JSON.stringify({ nbformat: 4, metadata: { topk: { running: 1 } }, cells: [code(), code(), code()] });
    expect(readNotebook(json, asIs)?.failed?.place).toBe(2);
  });

  it('marks what the runner says, not a cell that was to raise an error', () => {
    const told = (topk: unknown, cells: unknown[]) =>
      readNotebook(JSON.stringify({ nbformat: 4, metadata: { topk }, cells }), asIs);
    expect(told({ done: true }, [code(failure), code()])?.failed).toBeUndefined();
    expect(told({ failed: 1, sentence: 'no' }, [code(failure), code(failure)])?.failed?.place).toBe(2);
  });

  it('shows the cell that went wrong beyond those that it shows of many', () => {
    const cells = Array.from({ length: 700 }, () => code());
    cells[620] = code(failure);
    const view = readNotebook(JSON.stringify({ nbformat: 4, metadata: { topk: { failed: 620 } }, cells }), asIs);
    expect(view).toMatchObject({ moreCells: 199, failed: { place: 621, number: 621 } });
  });

  it('takes the text of what has HTML too, and names what has only HTML', () => {
    const html = '<script>alert(1)</script>';
    expect(
      outputsOf(
        { output_type: 'execute_result', data: { 'text/html': html, 'text/plain': 'a table' } },
        { output_type: 'display_data', data: { 'text/html': html } },
        {
          output_type: 'display_data',
          data: { 'image/svg+xml': '<svg onload="alert(1)"/>', 'application/javascript': 'alert(1)' },
        },
      ),
    ).toEqual([
      { kind: 'text', tone: 'plain', text: excerpt('a table') },
      { kind: 'unshown', what: 'output of type text/html' },
      { kind: 'unshown', what: 'output of type image/svg+xml, application/javascript' },
    ]);
  });

  it('shows a picture only where its data are base64', () => {
    const picture = (data: unknown) => outputsOf({ output_type: 'display_data', data: { 'image/png': data } })[0];
    expect(picture(['aGVs\n', 'bG8='])).toMatchObject({ kind: 'image', url: 'data:image/png;base64,aGVsbG8=' });
    expect(picture('x" onerror="alert(1)')).toEqual({ kind: 'unshown', what: 'a damaged picture' });
  });

  it('keeps the error of a cell with a million outputs', () => {
    const outputs = outputsOf(
      ...Array.from({ length: 200 }, () => ({ output_type: 'stream', name: 'stdout', text: 'x' })),
      failure,
    );
    expect(outputs).toHaveLength(50);
    expect(outputs.at(-1)).toMatchObject({ tone: 'error' });
  });

  it('cuts what is long, in the middle', () => {
    const [output] = outputsOf({ output_type: 'stream', name: 'stdout', text: `begin${'x'.repeat(1e6)}end` });
    expect(output).toMatchObject({ text: { left: 980_008 } });
    expect(output?.kind === 'text' && [output.text.head.slice(0, 5), output.text.tail.slice(-3)]).toEqual([
      'begin',
      'end',
    ]);
  });

  it('shows no more than a page can hold, of all cells together', () => {
    const loud = code({ output_type: 'stream', name: 'stdout', text: 'x'.repeat(20_000) });
    const { cells } = read(...Array.from({ length: 400 }, () => loud));
    const outputs = cells.flatMap((cell) => (cell.kind === 'code' ? cell.outputs : []));
    const chars = outputs.map((output) =>
      output.kind === 'text' ? output.text.head.length + output.text.tail.length : 0,
    );
    expect(chars.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(3_000_000);
    expect(outputs.at(-1)).toMatchObject({ text: { head: '', tail: '', left: 20_000 } });
  });

  it('passes what was printed through the terminal', () => {
    const json = JSON.stringify({
      nbformat: 4,
      cells: [code({ output_type: 'stream', name: 'stderr', text: 'a\rb' })],
    });
    expect(readNotebook(json, (text) => text.replace('a\r', ''))?.cells[0]).toMatchObject({
      outputs: [{ tone: 'stderr', text: { head: 'b' } }],
    });
  });

  it('survives what is no notebook, and cells that are none', () => {
    for (const json of ['', '[]', '{"nbformat":3,"worksheets":[]}', 'null', '{"nbformat":4,"cells":{}}'])
      expect(readNotebook(json, asIs), json).toBeUndefined();
    expect(read(null, 7, { cell_type: 'code', source: 3, outputs: 'x' }).cells.map(({ kind }) => kind)).toEqual([
      'raw',
      'raw',
      'code',
    ]);
  });
});
