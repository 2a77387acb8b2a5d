import { Checkbox, TextInput } from '@mantine/core';
import type { FieldsProps } from './fields.ts';
import { settingTitles } from './settings.ts';
import classes from './settings.module.css';

/** How often a team may submit, and whether a small board is shown. */
export function LimitFields({ draft, change, errorOf }: FieldsProps) {
  const limit = (name: 'dailyLimit' | 'totalLimit', description: string) => (
    <TextInput
      label={settingTitles[name]}
      description={description}
      inputMode="numeric"
      value={draft[name]}
      error={errorOf(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <section className="card stack" aria-labelledby="settings-limits">
      <div>
        <h2 id="settings-limits">Limits and boards</h2>
        <p className="dim">Limits are a team’s. What the file, or we, are to blame for is not counted.</p>
      </div>
      <div className={classes.fields}>
        {limit('dailyLimit', 'By the days of the course’s zone. Empty: no limit')}
        {limit('totalLimit', 'Empty: no limit')}
      </div>
      <Checkbox
        label="Show students boards of fewer than five teams"
        description="In the whole competition. On so few, a score is easily told to be somebody’s."
        checked={draft.showSmallBoards}
        error={errorOf('showSmallBoards')}
        onChange={(event) => change({ showSmallBoards: event.currentTarget.checked })}
      />
    </section>
  );
}
