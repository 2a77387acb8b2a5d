import { NativeSelect } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { SubmissionState } from '../../../core/contract/submissions.ts';
import classes from './submissions.module.css';

/** Which submissions the list shows; kept in the address. */
export function StateChoice({ state }: { state: SubmissionState | undefined }) {
  const navigate = useNavigate();
  return (
    <NativeSelect
      className={classes.choice}
      label="State"
      data={[{ value: '', label: 'all' }, ...SubmissionState.options]}
      value={state ?? ''}
      onChange={(event) => {
        const chosen = SubmissionState.safeParse(event.currentTarget.value).data;
        void navigate({ to: '.', search: (search) => ({ ...search, state: chosen }), replace: true });
      }}
    />
  );
}
