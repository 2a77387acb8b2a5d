import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Change } from '../core/contract/jobs.ts';
import { oneRow, type Queryable } from '../core/db/sql.ts';

/** What Prometheus reads. Times are in seconds, as its conventions want. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  http(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** From the request's arrival to the row's commit. */
  received(ms: number): void;
  /** The phases that workers tell of. */
  heard(change: Change): void;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const Queue = z.object({ queued: z.number().int(), running: z.number().int(), oldestSeconds: z.number() });

export function createMetrics(db: Queryable): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  });
  const phases = new Histogram({
    name: 'topk_submission_phase_seconds',
    help: 'How long the phases of submissions took: receiving (this process), waiting and grading (as workers told this process)',
    labelNames: ['phase'],
    buckets,
    registers: [registry],
  });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const queued = gauge('topk_queue_depth', 'Submissions that wait');
  const running = gauge('topk_running', 'Submissions that are graded right now');
  const oldest = gauge(
    'topk_oldest_waiting_seconds',
    'How long the oldest waiting submission has waited; 0 where none waits',
  );
  return {
    contentType: registry.contentType,
    text: async () => {
      const queue = await oneRow(
        db,
        Queue,
        `select count(*) filter (where state = 'queued')::int as queued,
                count(*) filter (where state = 'running')::int as running,
                coalesce(extract(epoch from now() - min(queued_at) filter (where state = 'queued')), 0)::float8 as "oldestSeconds"
         from submission
         where state in ('queued', 'running')`,
      );
      queued.set(queue.queued);
      running.set(queue.running);
      oldest.set(queue.oldestSeconds);
      return await registry.metrics();
    },
    http: ({ method, route, status }, seconds) => requests.observe({ method, route, status: String(status) }, seconds),
    received: (ms) => phases.observe({ phase: 'receiving' }, ms / 1000),
    heard: (change) => {
      if (change.kind !== 'submission') return;
      if (change.waitedMs !== undefined) phases.observe({ phase: 'waiting' }, change.waitedMs / 1000);
      if (change.gradedMs !== undefined) phases.observe({ phase: 'grading' }, change.gradedMs / 1000);
    },
  };
}
