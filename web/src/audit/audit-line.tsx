import type { AuditEntry } from '../../../core/contract/audit.ts';
import { When } from '../ui/instant.tsx';
import { actionInWords } from './action-in-words.ts';
import classes from './audit.module.css';
import { differences, type Difference } from './differences.ts';

/** One act: who did what to what, when, and what it changed. */
export function AuditLine({ entry, timeZone }: { entry: AuditEntry; timeZone: string }) {
  const changes = differences(entry.before, entry.after);
  return (
    <li className={classes.entry}>
      <div className="row spread">
        <span>
          <strong>{actionInWords(entry.action)}</strong> <span className="dim">·</span> {entry.subject}
        </span>
        <span className="dim">
          <span title={entry.actor.email}>{entry.actor.name}</span>, <When at={entry.at} timeZone={timeZone} />
        </span>
      </div>
      {changes.length === 0 ? null : (
        <dl className={classes.changes}>
          {changes.map((change) => (
            <Change key={change.path} change={change} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Change({ change: { path, before, after } }: { change: Difference }) {
  return (
    <div>
      <dt className="mono dim">{path === '' ? 'it' : path}</dt>
      <dd>
        {before === undefined ? null : <Value kind="before" text={before} />}
        {after === undefined ? null : <Value kind="after" text={after} />}
      </dd>
    </div>
  );
}

function Value({ kind, text }: { kind: 'before' | 'after'; text: string }) {
  const Tag = kind === 'before' ? 'del' : 'ins';
  return (
    <Tag className={classes.value}>
      <span className="visually-hidden">{kind === 'before' ? 'before: ' : 'after: '}</span>
      {text === '' ? '(empty)' : text}
    </Tag>
  );
}
