import type { Metrics } from '@groundswell/process';
import type { Result } from './controller.ts';
import type { QueueOptions } from './queue.ts';

const reconcileBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics that dashboards for controller-runtime ask for, by the same names. */
export const createEngineMetrics = (metrics: Metrics, controller: string) => {
  const label = { controller };
  const name = { name: controller };
  const reconciles = metrics.counter('controller_runtime_reconcile_total', 'Reconciliations', ['controller', 'result']);
  const errors = metrics.counter('controller_runtime_reconcile_errors_total', 'Reconciliations that failed', [
    'controller',
  ]);
  const seconds = metrics.histogram(
    'controller_runtime_reconcile_time_seconds',
    'Time of a reconciliation',
    reconcileBuckets,
    ['controller'],
  );
  const active = metrics.gauge('controller_runtime_active_workers', 'Reconciliations that run now', ['controller']);
  const depth = metrics.gauge('workqueue_depth', 'Keys that wait', ['name']);
  const adds = metrics.counter('workqueue_adds_total', 'Keys added', ['name']);
  const retries = metrics.counter('workqueue_retries_total', 'Keys added again after a failure', ['name']);
  const waited = metrics.histogram('workqueue_queue_duration_seconds', 'Time that keys waited', reconcileBuckets, [
    'name',
  ]);
  depth.set(name, 0);
  for (const result of ['success', 'requeue_after', 'error']) reconciles.inc({ ...label, result }, 0);
  errors.inc(label, 0);
  retries.inc(name, 0);
  return {
    queue: {
      onAdd: (now) => {
        adds.inc(name);
        depth.set(name, now);
      },
      onTake: (now, ms) => {
        depth.set(name, now);
        waited.observe(name, ms / 1_000);
        active.inc(label);
      },
      onRetry: () => retries.inc(name),
    } satisfies Pick<QueueOptions, 'onAdd' | 'onTake' | 'onRetry'>,
    result: ({ result, tookMs }: Result) => {
      active.dec(label);
      reconciles.inc({ ...label, result });
      if (result === 'error') errors.inc(label);
      seconds.observe(label, tookMs / 1_000);
    },
  };
};
