import { expect, it } from 'vitest';
import { createShapeCache } from '../../api/competitions/shape.ts';
import type { FullCompetition, FullPhase } from '../../api/competitions/cache.ts';
import { createBlobStore } from '../../core/blobs/store.ts';
import type { ScoringPool } from '../../core/scoring-pool/pool.ts';

const summary = {
  rows: 1,
  public: 1,
  private: 0,
  ignored: 0,
  classes: ['a'],
  columns: { id: 'id', label: 'label' },
};
const refuse = async () => await Promise.reject(new Error('nothing is scored here'));

/** Shapes of 100 bytes, and how many were computed. */
function setUp(maxBytes: number) {
  const computed: string[] = [];
  const scoring: ScoringPool = {
    score: refuse,
    check: refuse,
    labels: refuse,
    close: async () => await Promise.resolve(),
    compileKey: async ({ file }) => {
      computed.push(file.slice(-1));
      return await Promise.resolve({ kind: 'compiled', summary, notices: [], shape: new Uint8Array(100) });
    },
  };
  const blobs = createBlobStore('/nowhere');
  const shapes = createShapeCache(
    {
      scoring,
      blobs,
      config: { secureCookies: false, mail: undefined, hookPrivateHosts: new Set<string>(), maxUploadBytes: 1 },
    },
    maxBytes,
  );
  const get = async (key: string) => await shapes(competition, phase(key));
  return { computed, get };
}

it('computes each once, as long as all fit, and shares what is being computed', async () => {
  const { computed, get } = setUp(1_000);
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8'];
  await Promise.all([...keys, ...keys].map(get));
  for (const key of keys) await get(key);
  expect(computed).toEqual(keys);
});

it('gives up those not used for longest', async () => {
  const { computed, get } = setUp(250);
  for (const key of ['1', '2', '1', '3', '1', '2']) await get(key);
  expect(computed).toEqual(['1', '2', '3', '2']);
});

it('keeps one that is larger than all it may keep', async () => {
  const { computed, get } = setUp(50);
  for (const key of ['1', '1', '2', '2', '1']) await get(key);
  expect(computed).toEqual(['1', '2', '1']);
});

const at = new Date(0);
const competition: FullCompetition = {
  id: 1,
  courseId: 1,
  slug: 'c',
  title: 'C',
  description: '',
  kind: 'homework',
  metrics: ['top1'],
  classes: [],
  customMetric: null,
  maxFileBytes: 1,
  showSmallBoards: false,
  maxTeamSize: 1,
  teamsLockAt: null,
  publishedAt: at,
  createdAt: at,
  course: { id: 1, slug: 'course', title: 'Course', timeZone: 'UTC', lateBankDays: 0, createdAt: at },
  phases: [],
  files: [],
};

function phase(key: string): FullPhase {
  return {
    id: 1,
    competitionId: 1,
    slug: 'main',
    title: 'Main',
    position: 0,
    opensAt: null,
    dueAt: null,
    lateUntil: null,
    graceMinutes: 0,
    latePolicy: { kind: 'none' },
    closesAt: null,
    revealsAt: null,
    revealAt: null,
    revealedAt: null,
    dailyLimit: null,
    totalLimit: null,
    counts: 'best',
    selectMax: 2,
    parts: [],
    attachments: [],
    accepts: ['predictions'],
    runSettings: null,
    imageDigest: null,
    answerKeyId: 1,
    answerKey: {
      id: 1,
      phaseId: 1,
      hash: key.repeat(64),
      rows: 1,
      publicRows: 1,
      privateRows: 0,
      classCount: 1,
      createdAt: at,
      createdById: 1,
    },
  };
}
