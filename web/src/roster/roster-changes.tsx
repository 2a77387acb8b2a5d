import type { ReactNode } from 'react';
import type { RosterPreview } from '../../../core/contract/roster.ts';
import { formatCount } from '../format/number.ts';
import { Notice } from '../ui/notice.tsx';

const words = { section: 'section', studentId: 'student id', username: 'username' } as const;
const formats = {
  gradescope: 'an export of Gradescope',
  canvas: 'an export of Canvas',
  blackboard: 'an export of Blackboard',
  plain: 'a plain table',
  mapped: 'a table with the columns that you named',
} as const;

/** What importing a roster would do: the dropped first, since that is what hurts. */
export function RosterChanges({ plan }: { plan: RosterPreview }) {
  const { format, added, changed, dropped, unchanged, skipped, newSections } = plan;
  return (
    <Notice tone={dropped.length > 0 ? 'signal' : 'plain'} title={`This is ${formats[format]}`}>
      <div className="stack">
        <p>
          {formatCount(added.length, 'new student')}, {changed.length} changed, {dropped.length} taken off, {unchanged}{' '}
          as they are
          {skipped > 0
            ? `; ${formatCount(skipped, 'row')} skipped that ${skipped === 1 ? 'is' : 'are'} no student`
            : ''}
          {newSections.length > 0 ? `; new sections: ${newSections.join(', ')}` : ''}.
        </p>
        <People title="Taken off">
          {dropped.map(({ userId, name, email }) => (
            <li key={userId}>
              {name} <span className="dim">{email}</span>
            </li>
          ))}
        </People>
        <People title="Changed">
          {changed.map(({ userId, name, restored, changes }) => (
            <li key={userId}>
              {name}: {[...(restored ? ['is back'] : []), ...changes.map(inWords)].join(', ')}
            </li>
          ))}
        </People>
        <People title="New">
          {added.map(({ line, name, email, section }) => (
            <li key={line}>
              {name} <span className="dim">{email}</span> {section}
            </li>
          ))}
        </People>
      </div>
    </Notice>
  );
}

function inWords({ field, from, to }: RosterPreview['changed'][number]['changes'][number]): string {
  return from === '' ? `${words[field]} ${to}` : `${words[field]} ${to} instead of ${from}`;
}

function People({ title, children }: { title: string; children: readonly ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <details open={children.length <= 10}>
      <summary>
        {title} ({children.length})
      </summary>
      <ul>{children}</ul>
    </details>
  );
}
