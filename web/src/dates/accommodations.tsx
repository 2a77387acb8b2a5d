import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Accommodation, deleteAccommodation } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { AccommodationForm } from './accommodation-form.tsx';
import { accommodationText } from './accommodation-text.ts';
import classes from './dates.module.css';
import { accommodationsQuery, readDatesAgain } from './queries.ts';

/** The students who have more time in every phase of the course. */
export function Accommodations() {
  const { slug, role } = useCourse();
  const query = useQuery(accommodationsQuery(slug));
  /** Whose is written: a student's, a new one's, or nobody's. */
  const [edited, edit] = useState<Accommodation | 'new'>();
  const mayChange = role === 'instructor';
  return (
    <section className="card stack" aria-labelledby="accommodations">
      <div>
        <h2 id="accommodations">Accommodations</h2>
        <p className="dim">
          More time in every phase of the course, those to come included. For one phase only, give an extension in its
          competition.
        </p>
      </div>
      {query.isError ? <Failure error={query.error} title="The accommodations could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={80} aria-label="Loading the accommodations" /> : null}
      {query.data?.length === 0 ? <p>Nobody has a standing accommodation.</p> : null}
      {query.data === undefined || query.data.length === 0 ? null : (
        <ul className={classes.list}>
          {query.data.map((one) => (
            <Row key={one.userId} accommodation={one} onEdit={mayChange ? () => edit(one) : undefined} />
          ))}
        </ul>
      )}
      {mayChange && query.data !== undefined ? (
        edited === undefined ? (
          <div>
            <Button variant="default" onClick={() => edit('new')}>
              Give an accommodation
            </Button>
          </div>
        ) : (
          <AccommodationForm
            key={edited === 'new' ? edited : edited.userId}
            given={edited === 'new' ? undefined : edited}
            onDone={() => edit(undefined)}
          />
        )
      ) : null}
    </section>
  );
}

function Row({ accommodation, onEdit }: { accommodation: Accommodation; onEdit: (() => void) | undefined }) {
  const { timeZone } = useCourse();
  const [doomed, doom] = useState(false);
  const { name, email, reason, setAt } = accommodation;
  return (
    <li className={classes.extension}>
      <div>
        <h3>{name}</h3>
        <p className="dim">{email}</p>
        <p>{accommodationText(accommodation)}</p>
        <p>{reason}</p>
        <p className="dim">
          Set <When at={setAt} timeZone={timeZone} />
        </p>
      </div>
      {onEdit === undefined ? null : (
        <div className="row">
          <Button variant="default" size="xs" aria-label={`Change the accommodation of ${name}`} onClick={onEdit}>
            Change
          </Button>
          <Button
            variant="default"
            size="xs"
            aria-label={`Take away the accommodation of ${name}`}
            onClick={() => doom(true)}
          >
            Take away
          </Button>
        </div>
      )}
      {doomed ? <TakeAwayDialog accommodation={accommodation} onClose={() => doom(false)} /> : null}
    </li>
  );
}

function TakeAwayDialog({ accommodation, onClose }: { accommodation: Accommodation; onClose: () => void }) {
  const { slug } = useCourse();
  const { userId, name } = accommodation;
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(deleteAccommodation, { params: { course: slug, id: userId } }),
    onSuccess: async () => {
      onClose();
      await readDatesAgain(queryClient);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Take away the accommodation of ${name}?`} centered>
      <div className="stack">
        <p>
          What was submitted stays, and is judged by the dates that are left, in every phase of the course: it may
          become late.
        </p>
        {remove.isError ? <Failure error={remove.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Take away
          </Button>
        </div>
      </div>
    </Modal>
  );
}
