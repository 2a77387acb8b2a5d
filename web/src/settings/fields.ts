import type { Settings } from './settings.ts';
import type { SettingsDraft } from './settings-draft.ts';

/** What a group of the settings' fields needs. */
export interface FieldsProps {
  readonly draft: SettingsDraft;
  /** What it would set. */
  readonly after: Settings;
  readonly change: (part: Partial<SettingsDraft>) => void;
  /** What is wrong with a field: `dueAt`, `latePolicy.percent`, `parts.0.title`. */
  readonly errorOf: (path: string) => string | undefined;
}
