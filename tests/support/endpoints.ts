import * as announcements from '../../core/contract/announcements.ts';
import * as archive from '../../core/contract/archive.ts';
import * as attachments from '../../core/contract/attachments.ts';
import * as audit from '../../core/contract/audit.ts';
import * as competitionFolder from '../../core/contract/competition-folder.ts';
import * as boardHistory from '../../core/contract/board-history.ts';
import * as competitions from '../../core/contract/competitions.ts';
import * as courses from '../../core/contract/courses.ts';
import * as dates from '../../core/contract/dates.ts';
import * as due from '../../core/contract/due.ts';
import type { Endpoint } from '../../core/contract/endpoint.ts';
import * as customMetric from '../../core/contract/custom-metric.ts';
import * as files from '../../core/contract/files.ts';
import * as finalStanding from '../../core/contract/final-standing.ts';
import * as grades from '../../core/contract/grades.ts';
import * as hooks from '../../core/contract/hooks.ts';
import * as images from '../../core/contract/images.ts';
import * as inspection from '../../core/contract/inspection.ts';
import * as insights from '../../core/contract/insights.ts';
import * as joining from '../../core/contract/joining.ts';
import * as kaggle from '../../core/contract/kaggle.ts';
import * as kaggleSubmissions from '../../core/contract/kaggle-submissions.ts';
import * as keyPreviews from '../../core/contract/key-previews.ts';
import * as leaderboard from '../../core/contract/leaderboard.ts';
import * as operations from '../../core/contract/operations.ts';
import * as passwords from '../../core/contract/passwords.ts';
import * as people from '../../core/contract/people.ts';
import * as regrades from '../../core/contract/regrades.ts';
import * as rerunBatches from '../../core/contract/rerun-batches.ts';
import * as roster from '../../core/contract/roster.ts';
import * as runs from '../../core/contract/runs.ts';
import * as sections from '../../core/contract/sections.ts';
import * as starter from '../../core/contract/starter.ts';
import * as staffQueue from '../../core/contract/staff-queue.ts';
import * as disqualify from '../../core/contract/disqualify.ts';
import * as submissions from '../../core/contract/submissions.ts';
import * as teamStaff from '../../core/contract/team-staff.ts';
import * as teams from '../../core/contract/teams.ts';
import * as teamwork from '../../core/contract/teamwork.ts';
import * as viewing from '../../core/contract/viewing.ts';

/** Every endpoint of the contract, found by its form: a new one is walked by the tests without being listed anywhere. */
export const endpoints: readonly Endpoint[] = [
  announcements,
  archive,
  attachments,
  audit,
  competitionFolder,
  boardHistory,
  competitions,
  customMetric,
  courses,
  dates,
  due,
  files,
  finalStanding,
  grades,
  hooks,
  images,
  inspection,
  insights,
  joining,
  keyPreviews,
  leaderboard,
  operations,
  passwords,
  people,
  regrades,
  rerunBatches,
  roster,
  runs,
  sections,
  starter,
  staffQueue,
  disqualify,
  submissions,
  teamStaff,
  teams,
  teamwork,
  viewing,
].flatMap(endpointsOf);

/** Of the kaggle command's protocol, which reads by POST and fails in a form of its own: its tests walk these. */
export const kaggleEndpoints: readonly Endpoint[] = [kaggle, kaggleSubmissions].flatMap(endpointsOf);

function endpointsOf(module: object): Endpoint[] {
  return Object.values(module).flatMap((value): Endpoint[] => (isEndpoint(value) ? [value] : []));
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'url' in value && 'schema' in value;
}

/** For parameters that most tests have no value for. */
const any: Readonly<Record<string, string | number>> = { attempt: 1, code: 'X', token: 'x', field: 'report' };

/** The call of an endpoint with its parameters filled in. */
export function callOf(endpoint: Endpoint, parameters: Readonly<Record<string, string | number>>): string {
  const path = endpoint.url.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const value = parameters[name] ?? any[name];
    if (value === undefined) throw new Error(`no value for ${name} of ${endpoint.url}`);
    return String(value);
  });
  return `${endpoint.method} ${path}`;
}
