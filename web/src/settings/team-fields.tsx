import { TextInput } from '@mantine/core';
import { stepOf } from '../dates/zoned.ts';
import type { FieldsProps } from './fields.ts';
import { settingTitles } from './settings.ts';
import classes from './settings.module.css';

/** How large teams may be, and until when students change them. */
export function TeamFields({ draft, change, errorOf }: FieldsProps) {
  return (
    <section className="card stack" aria-labelledby="settings-teams">
      <div>
        <h2 id="settings-teams">Teams</h2>
        <p className="dim">In the whole competition. Students form them; you can change them at any time.</p>
      </div>
      <div className={classes.fields}>
        <TextInput
          label={settingTitles.maxTeamSize}
          description="At most; 1: everybody is alone"
          inputMode="numeric"
          value={draft.maxTeamSize}
          error={errorOf('maxTeamSize')}
          onChange={(event) => change({ maxTeamSize: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={settingTitles.teamsLockAt}
          description="At the first due time in any case"
          step={stepOf(draft.teamsLockAt)}
          value={draft.teamsLockAt}
          error={errorOf('teamsLockAt')}
          onChange={(event) => change({ teamsLockAt: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}
