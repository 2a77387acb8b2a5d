import { Button, Modal, Skeleton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { createSection, deleteSection, renameSection, type Section } from '../../../core/contract/sections.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { formatCount } from '../format/number.ts';
import { Failure } from '../ui/notice.tsx';
import { peopleKey, sectionsQuery } from './queries.ts';
import classes from './roster.module.css';

/** What a course is divided into. */
export function Sections() {
  const { slug, role } = useCourse();
  const sections = useQuery(sectionsQuery(slug));
  const mayChange = role === 'instructor';
  return (
    <section className="card stack" aria-label="Sections">
      <h2>Sections</h2>
      {sections.isError ? <Failure error={sections.error} title="The sections could not be loaded" /> : null}
      {sections.isPending ? <Skeleton height={60} aria-label="Loading the sections" /> : null}
      {sections.data?.length === 0 ? <p>The course has no sections. A roster that names some makes them.</p> : null}
      {sections.data?.map((section) => (
        <Line key={section.id} section={section} mayChange={mayChange} />
      ))}
      {mayChange ? (
        <NameForm label="New section" button="Make a section" save={(name) => createIn(slug, name)} />
      ) : null}
    </section>
  );
}

async function createIn(course: string, name: string): Promise<Section> {
  return await call(createSection, { params: { course }, body: { name } });
}

function Line({ section, mayChange }: { section: Section; mayChange: boolean }) {
  const { slug } = useCourse();
  const [edits, edit] = useState(false);
  const [doomed, doom] = useState(false);
  const { id, name, students } = section;
  if (edits)
    return (
      <NameForm
        label={`New name of ${name}`}
        button="Rename"
        save={async (renamed) => await call(renameSection, { params: { course: slug, id }, body: { name: renamed } })}
        onDone={() => edit(false)}
      />
    );
  return (
    <div className="row spread">
      <span>
        {name} <span className="dim">{formatCount(students, 'student')}</span>
      </span>
      {mayChange ? (
        <div className="row">
          <Button variant="default" size="xs" aria-label={`Rename ${name}`} onClick={() => edit(true)}>
            Rename
          </Button>
          <Button variant="default" size="xs" aria-label={`Delete ${name}`} onClick={() => doom(true)}>
            Delete
          </Button>
        </div>
      ) : null}
      {doomed ? <DeleteDialog section={section} onClose={() => doom(false)} /> : null}
    </div>
  );
}

interface NameFormProps {
  readonly label: string;
  readonly button: string;
  readonly save: (name: string) => Promise<Section>;
  readonly onDone?: () => void;
}

function NameForm({ label, button, save, onDone }: NameFormProps) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const write = useMutation({
    mutationFn: () => save(name),
    onSuccess: async () => {
      setName('');
      await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
      onDone?.();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    write.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput
          label={label}
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={write.isPending}>
          {button}
        </Button>
      </div>
      {write.isError ? <Failure error={write.error} /> : null}
    </form>
  );
}

function DeleteDialog({ section: { id, name }, onClose }: { section: Section; onClose: () => void }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(deleteSection, { params: { course: slug, id } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Delete section ${name}?`} centered>
      <div className="stack">
        <p>Its students stay in the course, in no section.</p>
        {remove.isError ? <Failure error={remove.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </div>
      </div>
    </Modal>
  );
}
