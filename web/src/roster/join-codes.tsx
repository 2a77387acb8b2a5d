import { Button, Modal, NativeSelect, Skeleton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { createJoinCode, type JoinCode, revokeJoinCode } from '../../../core/contract/joining.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { joinCodesQuery, sectionsQuery } from './queries.ts';
import classes from './roster.module.css';

const dayMs = 86_400_000;

/** The codes with which students join by themselves. */
export function JoinCodes() {
  const { slug, role } = useCourse();
  const codes = useQuery(joinCodesQuery(slug));
  const mayChange = role === 'instructor';
  return (
    <section className="card stack" aria-label="Join codes">
      <div>
        <h2>Join codes</h2>
        <p className="dim">Students with an address of the right domain join by themselves.</p>
      </div>
      {codes.isError ? <Failure error={codes.error} title="The codes could not be loaded" /> : null}
      {codes.isPending ? <Skeleton height={60} aria-label="Loading the codes" /> : null}
      {codes.data?.length === 0 ? <p>No code is in force.</p> : null}
      {codes.data?.map((code) => (
        <Code key={code.id} joinCode={code} mayRevoke={mayChange} />
      ))}
      {mayChange ? <CodeForm /> : null}
    </section>
  );
}

function Code({ joinCode, mayRevoke }: { joinCode: JoinCode; mayRevoke: boolean }) {
  const { timeZone } = useCourse();
  const [doomed, doom] = useState(false);
  const { code, mailDomains, section, expiresAt } = joinCode;
  return (
    <div className="row spread">
      <div>
        <code>{`${location.origin}/join/${code}`}</code>
        <p className="dim">
          {mailDomains.join(', ')}
          {section === null ? null : `, into section ${section.name}`}
          {expiresAt === null ? null : (
            <>
              , until <When at={expiresAt} timeZone={timeZone} />
            </>
          )}
        </p>
      </div>
      {mayRevoke ? (
        <Button variant="default" size="xs" aria-label={`Revoke ${code}`} onClick={() => doom(true)}>
          Revoke
        </Button>
      ) : null}
      {doomed ? <RevokeDialog joinCode={joinCode} onClose={() => doom(false)} /> : null}
    </div>
  );
}

function RevokeDialog({ joinCode: { id, code }, onClose }: { joinCode: JoinCode; onClose: () => void }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call(revokeJoinCode, { params: { course: slug, id } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: joinCodesQuery(slug).queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Revoke the code ${code}?`} centered>
      <div className="stack">
        <p>Its link lets nobody in any more, and can’t be made good again. Who has joined by it stays.</p>
        {revoke.isError ? <Failure error={revoke.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function CodeForm() {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const sections = useQuery(sectionsQuery(slug));
  const [domains, setDomains] = useState('');
  const [section, setSection] = useState('');
  const [days, setDays] = useState('14');
  const make = useMutation({
    mutationFn: () =>
      call(createJoinCode, {
        params: { course: slug },
        body: {
          mailDomains: domains.split(/[\s,;]+/).filter((domain) => domain !== ''),
          sectionId: section === '' ? null : Number(section),
          expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString(),
        },
      }),
    onSuccess: async () => {
      setDomains('');
      await queryClient.invalidateQueries({ queryKey: joinCodesQuery(slug).queryKey });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput
          label="Mail domains"
          placeholder="bu.edu"
          required
          withAsterisk={false}
          value={domains}
          onChange={(event) => setDomains(event.currentTarget.value)}
        />
        <NativeSelect
          label="Into section"
          value={section}
          onChange={(event) => setSection(event.currentTarget.value)}
          data={[
            { value: '', label: 'none' },
            ...(sections.data ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
        <NativeSelect
          label="In force for"
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={[
            { value: '14', label: 'two weeks' },
            { value: '120', label: 'a term' },
            { value: '', label: 'until it is revoked' },
          ]}
        />
        <Button type="submit" loading={make.isPending}>
          Make a code
        </Button>
      </div>
      {make.isError ? <Failure error={make.error} title="No code was made" /> : null}
    </form>
  );
}
