import { z } from 'zod';
import { type Rule, withRules } from '../rules.ts';
import { listByName, listOf, mapOf } from './collections.ts';
import { duration, positiveDuration } from './duration.ts';
import { live, rolling } from './field.ts';
import { secretReference } from './references.ts';
import { cronSchedule, name, percent, text } from './scalars.ts';

const amount = () => z.union([z.int().min(0), z.string().max(32)]).meta({ 'x-kubernetes-int-or-string': true });

export const resources = () =>
  z.strictObject({
    requests: rolling(mapOf(amount(), 16).optional(), 'What is set aside, as in {cpu: 500m, memory: 256Mi}.'),
    limits: rolling(mapOf(amount(), 16).optional(), 'What must not be exceeded.'),
  });

/** Merged strategically over the pod template that we would make, so anything of a pod can be said. */
const podTemplate = () =>
  z.strictObject({
    metadata: rolling(
      z
        .strictObject({
          labels: mapOf(z.string().max(63), 64).optional().describe('Labels.'),
          annotations: mapOf(z.string().max(65_536), 64).optional().describe('Annotations.'),
        })
        .optional(),
      'Labels and annotations of the pods.',
    ),
    spec: rolling(
      z.looseObject({}).meta({ 'x-kubernetes-preserve-unknown-fields': true }).optional(),
      'Any fields of a PodSpec. Lists merge by their keys: a container named `main` is ours.',
    ),
  });

const replicas = () => z.int().min(0).max(1000);

const target = () =>
  z.strictObject({
    freshness: live(
      positiveDuration().optional(),
      'How far behind the newest event results may be. Absent: the goal of the pipeline.',
    ),
    utilization: live(z.int().min(10).max(100).default(70), 'Percent of the measured capacity to plan for.'),
  });

const step = (presetWait: string) =>
  z.strictObject({
    stabilization: live(duration().prefault(presetWait), 'How long a need must last before it is acted on.'),
    maxStep: live(z.int().min(1).max(100).optional(), 'Pods added or removed at once, at most. Absent: no limit.'),
  });

const schedule = () =>
  z.strictObject({
    name: live(name(), 'Name of the period.'),
    start: live(cronSchedule(), 'When it starts.'),
    end: live(cronSchedule(), 'When it ends.'),
    timeZone: live(text(64).default('UTC'), 'Time zone of both.'),
    minReplicas: live(replicas(), 'Pods at least, in this period.'),
  });

const lowestFirst: Rule<{ minReplicas: number; maxReplicas: number }> = {
  cel: 'self.minReplicas <= self.maxReplicas',
  message: 'minReplicas must not be greater than maxReplicas',
  holds: ({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas,
};

const autoscaling = () =>
  withRules(
    z.strictObject({
      mode: live(
        z.enum(['Auto', 'Recommend']).default('Auto'),
        'Auto acts; Recommend only says in status and Events what it would do.',
      ),
      by: live(
        z.enum(['Operator', 'HPA', 'KEDA']).default('Operator'),
        'Who scales: the operator, by rates, lag and freshness; or a HorizontalPodAutoscaler or ScaledObject that it makes.',
      ),
      minReplicas: live(replicas().default(1), 'Pods at least. 0 lets it stop when there is nothing to do.'),
      maxReplicas: live(replicas().min(1), 'Pods at most. Never more than the partitions that there are to share.'),
      target: live(target().prefault({}), 'What it keeps to.'),
      scaleUp: live(step('0s').prefault({}), 'How it grows.'),
      scaleDown: live(step('5m').prefault({}), 'How it shrinks.'),
      schedules: live(
        listByName(schedule(), { max: 16 }).prefault([]),
        'Periods with more pods at least, for load that is known ahead.',
      ),
    }),
    [lowestFirst],
  );

/** Of what scales and runs as pods: spread these fields, and add `replicasOrAutoscaling` to the rules. */
export const scaledWorkload = () => ({
  replicas: live(replicas().optional(), 'Number of pods. Absent: 1, or what autoscaling says.'),
  autoscaling: live(autoscaling().optional(), 'Lets the number of pods follow the load, instead of `replicas`.'),
  ...workload(),
});

/** Of what runs as pods. */
export const workload = () => ({
  image: rolling(text(512).optional(), 'Image to run. Absent: the one that belongs to the operator.'),
  resources: rolling(resources().optional(), 'CPU and memory of a pod.'),
  template: rolling(podTemplate().optional(), 'Changes to the pod template, for all that has no field here.'),
});

export const replicasOrAutoscaling: Rule<{ replicas?: number | undefined; autoscaling?: unknown }> = {
  cel: '!(has(self.replicas) && has(self.autoscaling))',
  field: 'autoscaling',
  message: 'give replicas or autoscaling, not both',
  holds: ({ replicas, autoscaling }) => replicas === undefined || autoscaling === undefined,
};

/** What every spec has to stop and restart what it describes. */
export const lifecycle = () => ({
  suspend: live(z.boolean().default(false), 'Stops all its pods and keeps all state; they go on from there.'),
  restartNonce: rolling(z.int().min(0).default(0), 'Another number restarts all its pods, one after another.'),
});

/** For all pods of a pipeline. */
export const podDefaults = () =>
  z.strictObject({
    registry: rolling(text(256).optional(), 'Where images come from, instead of the registry that the operator has.'),
    imagePullSecrets: rolling(listOf(secretReference(), { max: 8 }).prefault([]), 'Secrets to pull images with.'),
    serviceAccountName: rolling(text(253).optional(), 'Service account of the pods. Absent: one for each program.'),
    priorityClassName: rolling(text(253).optional(), 'Priority class of the pods.'),
    resources: rolling(resources().optional(), 'CPU and memory where a part says nothing.'),
    template: rolling(podTemplate().optional(), 'Changes to every pod template, before those of the part.'),
    networkPolicy: live(
      z.enum(['Restricted', 'None']).default('Restricted'),
      'Restricted lets pods talk only to what they need.',
    ),
    drainTimeout: rolling(
      positiveDuration().prefault('30s'),
      'Longest time to finish and save before a pod ends. Kubernetes is given some more.',
    ),
    disruption: live(
      z
        .strictObject({ maxUnavailable: live(percent().default(25), 'Percent of a part that may be away.') })
        .prefault({}),
      'How many pods a drain may take away at once.',
    ),
  });
