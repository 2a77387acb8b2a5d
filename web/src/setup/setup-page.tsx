import { useState } from 'react';
import { Button } from '@mantine/core';
import { useCompetition } from '../competition/use-competition.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { When } from '../ui/instant.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { SettingsForm } from '../settings/settings-form.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { AboutStep } from './about-step.tsx';
import { AddPhase } from './add-phase.tsx';
import { BaselineStep } from './baseline-step.tsx';
import { DataStep } from './data-step.tsx';
import { KeyStep } from './key-step.tsx';
import { MetricStep } from './metric-step.tsx';
import { PublishStep } from './publish-step.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';

/** For instructors: from nothing to a published competition, step by step, and in any order. */
export function SetupPage() {
  const { competition, phase } = useCompetition();
  if (competition.role !== 'instructor') return <NotFoundPage />;
  return (
    <div className={classes.page}>
      <PageTitle parts={['Set-up', competition.title]} />
      <AboutStep key={`about ${competition.slug}`} />
      <MetricStep key={`metric ${competition.slug}`} />
      <DataStep key={`data ${competition.slug}`} />
      <KeyStep key={`key ${competition.slug} ${phase.slug}`} />
      <DatesStep key={`dates ${competition.slug} ${phase.slug}`} />
      <AddPhase key={`phases ${competition.slug}`} />
      <BaselineStep key={`baseline ${competition.slug} ${phase.slug}`} />
      <GradesStep />
      <PublishStep />
    </div>
  );
}

function DatesStep() {
  const { competition, phase } = useCompetition();
  const isSet = phase.dueAt !== null;
  const [opened, open] = useState(!isSet);
  return (
    <Step
      title="Dates, limits and rules"
      about="When it opens and is due, what being late costs, how often may be submitted, and what counts."
      done={isSet}
    >
      {phase.dueAt === null ? null : (
        <p>
          Due <When at={phase.dueAt} timeZone={competition.timeZone} />
        </p>
      )}
      {opened ? (
        <div className={classes.inside}>
          <SettingsForm />
        </div>
      ) : (
        <div className={classes.actions}>
          <Button variant="default" onClick={() => open(true)}>
            Change the dates and rules
          </Button>
        </div>
      )}
    </Step>
  );
}

function GradesStep() {
  const { competition, phaseSlug } = useCompetition();
  return (
    <Step
      title="Grades"
      about="How a score becomes points, and what is graded by hand. It can wait until later."
      done={undefined}
    >
      <div className={classes.actions}>
        <ButtonLink
          variant="default"
          to="/competitions/$slug/grades"
          params={{ slug: competition.slug }}
          search={{ phase: phaseSlug }}
        >
          Go to the grades
        </ButtonLink>
      </div>
    </Step>
  );
}
