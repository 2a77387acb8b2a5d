import { NativeSelect } from '@mantine/core';
import type { Part } from '../../../core/contract/counting.ts';

interface PartSelectProps {
  readonly parts: readonly Part[];
  readonly chosen: string | undefined;
  /** While it is being sent. */
  readonly fixed: boolean;
  readonly onChoose: (slug: string | undefined) => void;
}

/** What the submission is for; nothing is chosen beforehand, since the wrong part would be charged. */
export function PartSelect({ parts, chosen = '', fixed, onChoose }: PartSelectProps) {
  return (
    <NativeSelect
      label="Part"
      description="Each part has a best submission of its own"
      value={chosen}
      disabled={fixed}
      data={[
        { value: '', label: 'Choose the part that this is for' },
        ...parts.map(({ slug, title }) => ({ value: slug, label: title })),
      ]}
      onChange={({ currentTarget: { value } }) => onChoose(value === '' ? undefined : value)}
    />
  );
}
