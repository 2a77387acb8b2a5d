import { formatCount } from '../format/number.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { Notice } from '../ui/notice.tsx';
import type { CheckOutcome } from './check-messages.ts';

/** What was found in a file before it is sent. */
export function Outcome({ outcome }: { outcome: CheckOutcome }) {
  switch (outcome.kind) {
    case 'rejected':
      return (
        <Notice tone="bad" title="This file would be rejected. Nothing was sent, nothing is charged.">
          <FileProblems errors={outcome.errors} moreErrors={outcome.moreErrors} />
        </Notice>
      );
    case 'code':
      return (
        <Notice tone="good" title={codeTitle[outcome.sent]}>
          {outcome.notices.length === 0 ? undefined : outcome.notices.map((notice) => <p key={notice}>{notice}</p>)}
        </Notice>
      );
    case 'valid':
      return (
        <Notice tone="good" title={`The file is in order: ${formatCount(outcome.rows, 'row')}`}>
          {outcome.notices.length === 0 ? undefined : outcome.notices.map((notice) => <p key={notice}>{notice}</p>)}
        </Notice>
      );
    case 'unchecked':
      return (
        <Notice tone="signal" title="Not checked">
          {outcome.reason}
        </Notice>
      );
  }
}

const codeTitle = {
  script: 'The script can be sent. It runs in the sandbox, without a network.',
  notebook: 'The notebook can be sent. It runs from top to bottom in the sandbox, without a network.',
  archive: 'The archive can be sent. What it starts runs in the sandbox, without a network.',
} as const;
