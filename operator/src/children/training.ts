import type { JobPlacement, TrainerProgram } from '@groundswell/graph';
import { claimPathOf } from './artifacts.ts';
import { type Child, metadataOf } from './child.ts';
import { labelsOf, stateNameOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import { containerSecurity, imageFor, jobTemplateOf, mountsOf, resourcesOf, variablesOf } from './pod.ts';
import { accessOf, configMapOf, serviceAccountOf } from './workload.ts';

/** What trains by a schedule. */
export type TrainingChild = Child & {
  readonly program: TrainerProgram;
  readonly placement: { readonly job: JobPlacement };
};

export const isTrainingChild = (child: Child): child is TrainingChild =>
  child.program.kind === 'trainer' && child.placement.job !== undefined;

/** Shared by the containers of one run, and gone with it. */
const folder = '/work';

/** A run that could not begin in time (the operator of CronJobs was away, say) is left out after this, s: the next one comes. */
const startWithinSeconds = 600;

/** Of those that only carry: rows from Kafka to the disk, and files from there to a claim. */
const carrying = { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } };

export const trainingObjectsOf = (child: TrainingChild): readonly KubernetesObject[] => [
  ...serviceAccountOf(child),
  configMapOf(child),
  stateMapOf(child),
  ...accessOf(child, [
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: [stateNameOf(child.program)],
      verbs: ['get', 'patch'],
    },
  ]),
  cronJobOf(child),
];

/** Only that it is there is ours: its content is the trainer's. */
const stateMapOf = (child: TrainingChild): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadataOf(child, stateNameOf(child.program)),
});

const cronJobOf = (child: TrainingChild): KubernetesObject => {
  const { program, placement } = child;
  const { deadlineMs, keepRuns } = placement.job;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadataOf(child),
    spec: {
      schedule: program.schedule,
      timeZone: program.timeZone,
      // Two at once would compete for the same claim, and judge by the same rows.
      concurrencyPolicy: 'Forbid',
      suspend: placement.suspended,
      startingDeadlineSeconds: startWithinSeconds,
      successfulJobsHistoryLimit: keepRuns,
      failedJobsHistoryLimit: keepRuns,
      jobTemplate: {
        metadata: { labels: labelsOf(program) },
        spec: {
          activeDeadlineSeconds: Math.ceil(deadlineMs / 1_000),
          // The next run may have what this one lacked. A node that is drained is no failure of it.
          backoffLimit: 0,
          podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
          template: templateOf(child),
        },
      },
    },
  };
};

/** Rows to disk; training on them; what passed to the claim. */
const templateOf = (child: TrainingChild) => {
  const { placement, program, image, trainerImage } = child;
  const work = { name: 'work', mountPath: folder };
  const mounts = mountsOf(child);
  const env = [
    ...variablesOf(child),
    { name: 'TRAINING_CONFIG_MAP', value: stateNameOf(program) },
    { name: 'TRAINING_FOLDER', value: folder },
  ];
  const carry = (name: string, act: string) => ({
    name,
    image: imageFor(child, image),
    args: ['trainer', act],
    env,
    resources: carrying,
    securityContext: containerSecurity,
  });
  const train = {
    name: 'train',
    image: placement.image ?? imageFor(child, trainerImage),
    args: [`@${folder}/arguments`],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    env: [{ name: 'HOME', value: '/tmp' }],
    resources: resourcesOf(child),
    securityContext: containerSecurity,
    volumeMounts: [...mounts.filter(({ name }) => name === 'tmp'), work],
  };
  const reads = [...mounts, work];
  const target = program.publish.claim === undefined ? undefined : claimPathOf(program.publish.claim);
  const writes = reads.map((mount) => {
    const { name, mountPath } = mount;
    return mountPath === target ? { name, mountPath } : mount;
  });
  return jobTemplateOf(child, {
    before: [{ ...carry('collect', 'collect'), volumeMounts: reads }, train],
    last: { ...carry('main', 'publish'), volumeMounts: writes },
    volumes: [{ name: 'work', emptyDir: {} }],
  });
};
