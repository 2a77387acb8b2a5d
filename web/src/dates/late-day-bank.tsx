import { Button, Checkbox, Skeleton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { editCourse } from '../../../core/contract/courses.ts';
import type { LateDays } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { formatCount } from '../format/number.ts';
import { numberOf } from '../grades/points.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './dates.module.css';
import { lateDaysQuery, readDatesAgain } from './queries.ts';

/** The course's bank of late days: how many each student has, and who has used them where. */
export function LateDayBank() {
  const { slug, role } = useCourse();
  const query = useQuery(lateDaysQuery(slug));
  const [onlyUsers, only] = useState(true);
  const students = query.data?.students.filter(({ uses }) => !onlyUsers || uses.length > 0) ?? [];
  return (
    <section className="card stack" aria-labelledby="late-days">
      <div>
        <h2 id="late-days">Late days</h2>
        <p className="dim">
          What each student may be late in all, over the phases whose late policy is the course’s late days. They are
          taken phase by phase in the order of the due times.
        </p>
      </div>
      {query.isError ? <Failure error={query.error} title="The late days could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={120} aria-label="Loading the late days" /> : null}
      {query.data === undefined ? null : (
        <>
          {role === 'instructor' ? (
            <BankForm key={query.data.bankDays} days={query.data.bankDays} />
          ) : (
            <p>Each student has {formatCount(query.data.bankDays, 'late day')}.</p>
          )}
          {query.data.phases === 0 ? (
            <p>No phase takes late days yet: an instructor chooses so in the settings of a competition.</p>
          ) : (
            <>
              <Checkbox
                label="Only who was late"
                checked={onlyUsers}
                onChange={(event) => only(event.currentTarget.checked)}
              />
              {students.length === 0 ? (
                <p>{onlyUsers ? 'Nobody was late so far.' : 'No student is in the course yet.'}</p>
              ) : (
                <Table students={students} />
              )}
            </>
          )}
        </>
      )}
    </section>
  );
}

function Table({ students }: { students: readonly LateDays[] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption className="visually-hidden">Late days by student</caption>
        <thead>
          <tr>
            {['Student', 'Used', 'Left', 'Where'].map((name) => (
              <th key={name} scope="col" className="label">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {students.map(({ userId, name, email, used, left, uses }) => (
            <tr key={userId}>
              <th scope="row">
                {name} <span className="dim">{email}</span>
              </th>
              <td className="num">{used}</td>
              <td className="num">{left}</td>
              <td>
                {uses.map(({ competition, phase, title, daysLate, fromBank }) => (
                  <div key={`${competition} ${phase}`}>
                    <Link to="/competitions/$slug/grades" params={{ slug: competition }} search={{ phase }}>
                      {title}
                    </Link>
                    : {formatCount(daysLate, 'started day')} late
                    {fromBank < daysLate ? `, ${daysLate - fromBank} beyond the late days` : null}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BankForm({ days }: { days: number }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [text, setText] = useState(String(days));
  const value = numberOf(text);
  const error =
    value === undefined || !Number.isInteger(value) || value < 0 || value > 365
      ? 'a whole number from 0 to 365'
      : undefined;
  const save = useMutation({
    mutationFn: () => call(editCourse, { params: { course: slug }, body: { lateBankDays: value } }),
    onSuccess: async () => await readDatesAgain(queryClient),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isChanged = value !== days;
  return (
    <form className="stack" aria-label="The course’s late days" onSubmit={submit}>
      <div className={classes.inline}>
        <TextInput
          label="Late days of each student"
          inputMode="numeric"
          value={text}
          error={error}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={save.isPending} disabled={error !== undefined || !isChanged}>
          Save
        </Button>
      </div>
      {isChanged && error === undefined ? (
        <Notice tone="signal" title="This changes what was late already">
          Penalties are worked out anew in every phase that takes late days. Grades that are released stay until you
          release them anew.
        </Notice>
      ) : null}
      {save.isError ? <Failure error={save.error} title="It was not saved" /> : null}
    </form>
  );
}
