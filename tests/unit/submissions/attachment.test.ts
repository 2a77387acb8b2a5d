import { describe, expect, it } from 'vitest';
import { AttachmentField } from '../../../core/contract/attachments.ts';
import { attachmentProblem, maxTextBytes } from '../../../core/submissions/attachment.ts';

const text = AttachmentField.parse({ id: 'ai-use', title: 'Use of AI', kind: 'text' });
const pdf = AttachmentField.parse({ id: 'report', title: 'Report', kind: 'file', endings: ['.pdf', '.zip'] });
const sent = (content: Uint8Array, name = 'a') => ({ name, bytes: content.length, start: content });

describe('what is handed in for a field', () => {
  it('is a text in UTF-8 of a bounded length that says something', () => {
    expect(attachmentProblem(text, sent(Buffer.from('I used none. ☺')))).toBeUndefined();
    expect(attachmentProblem(text, sent(Buffer.alloc(maxTextBytes, 'x')))).toBeUndefined();
    expect(attachmentProblem(text, sent(Buffer.alloc(maxTextBytes + 1, 'x')))).toMatch(/at most/);
    expect(attachmentProblem(text, sent(Buffer.from('\n\t ')))).toMatch(/Write something/);
    expect(attachmentProblem(text, sent(Uint8Array.of(0xff, 0xfe, 0x41)))).toMatch(/UTF-8/);
    expect(attachmentProblem(text, sent(Buffer.alloc(0)))).toMatch(/is empty/);
  });

  it('is a file whose name ends as asked, in any case', () => {
    for (const name of ['a.pdf', 'B.PDF', 'a.b.Zip'])
      expect(attachmentProblem(pdf, sent(Buffer.from('x'), name))).toBeUndefined();
    for (const name of ['a.pdf.exe', 'pdf', ''])
      expect(attachmentProblem(pdf, sent(Buffer.from('x'), name))).toMatch(/end in/);
    expect(attachmentProblem({ ...pdf, endings: [] }, sent(Buffer.from('x'), 'anything'))).toBeUndefined();
  });
});
