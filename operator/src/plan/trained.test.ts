import type { RolloutProgram, ScorerProgram } from '@groundswell/graph';
import type { TrainingState } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { defaultImages } from '../children/render.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { statusesOf } from '../report/status.ts';
import { trainingStatus } from '../report/training.ts';
import { observedWith, rolledOutModel } from '../resources.fixture.ts';
import { plan } from './plan.ts';

const [first, second, third] = ['0', '1', '2'].map((digit) => digit.repeat(64)) as [string, string, string];
const resources = (publish: object, training: object = {}) =>
  rolledOutModel({
    variants: [
      { name: 'champion', share: 90, artifact: { uri: 'pvc://made/a.onnx', sha256: first } },
      { name: 'challenger', share: 10, artifact: { uri: 'pvc://made/a.onnx', sha256: first } },
    ],
    training: { publish: { volume: { claimName: 'made' }, ...publish }, ...training },
  });

const artifact = (sha256: string) => ({ uri: `pvc://made/hits/${sha256.slice(0, 2)}/model.onnx`, sha256 });
const state: TrainingState = {
  run: {
    ...{ at: 0, result: 'Published', message: 'All gates are passed', rows: 900, positives: 90, auc: 0.9 },
    artifact: artifact(second),
  },
  proposed: { champion: artifact(third), challenger: artifact(second) },
};
const stateMap = (text: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: { name: 'news-trainer-hits-state', namespace: 'social' },
  data: { 'training.json': text },
});
const planned = (publish: object, text?: string) =>
  plan(observedWith({ resources: resources(publish), children: text === undefined ? [] : [stateMap(text)] }), {
    images: defaultImages,
  });
const inForce = ({ compiled: { programs } }: ReturnType<typeof planned>) => {
  const scorer = programs.find(({ kind }) => kind === 'scorer') as ScorerProgram;
  const rollout = programs.find(({ kind }) => kind === 'rollout') as RolloutProgram;
  return {
    served: scorer.variants.map((variant) => variant.artifact.sha256),
    judged: [rollout.champion.sha256, rollout.challenger.sha256],
    revisions: [scorer.revision, rollout.revision],
  };
};
const proposing = { proposeAs: 'challenger' };

test('what a trainer proposed is served and judged instead of what the resource names, as a live change', () => {
  const before = inForce(planned(proposing));
  expect(before).toMatchObject({ served: [first, first], judged: [first, first] });
  const after = inForce(planned(proposing, JSON.stringify(state)));
  expect(after).toMatchObject({ served: [third, second], judged: [third, second] });
  const halves = (half: number) => [before, after].map((one) => one.revisions.map((text) => text.split('-')[half]));
  expect(halves(0)[1]).toEqual(halves(0)[0]);
  expect(halves(1)[1]?.[0]).not.toBe(halves(1)[0]?.[0]);
  expect(halves(1)[1]?.[1]).not.toBe(halves(1)[0]?.[1]);
});

test.each([
  { what: 'a trainer that may not propose', publish: {}, text: JSON.stringify(state) },
  { what: 'a state that is none', publish: proposing, text: '{"run": 1' },
])('$what changes nothing', ({ publish, text }) => {
  expect(inForce(planned(publish, text))).toMatchObject({ served: [first, first], judged: [first, first] });
});

const job = { program: 'trainer-hits', createdAt: '2026-01-01T00:00:00Z', message: '' };
const failure = {
  reason: 'Error',
  message: 'exit code 1: Cannot train yet',
  time: '2026-01-01T03:01:00Z',
  lasting: true,
};
const pod = { name: 'p', uid: 'p', program: 'trainer-hits', address: undefined, ready: false, failure };
const newest = { ...job, createdAt: '2026-01-01T03:00:00Z', startedAt: '2026-01-01T03:00:01Z', ended: undefined };

test.each([
  { what: 'nothing before the first', known: { jobs: [], pods: [], state: undefined }, status: undefined },
  { what: 'that it goes on', known: { jobs: [newest], pods: [], state }, status: { result: 'Running' } },
  {
    what: 'what it wrote down',
    known: { jobs: [{ ...newest, ended: 'Complete' as const }], pods: [], state },
    status: {
      result: 'Published',
      lastRunAt: '2026-01-01T03:00:01Z',
      rows: 900,
      positives: 90,
      auc: 0.9,
      ...artifact(second),
    },
  },
  {
    what: 'why it failed',
    known: {
      jobs: [
        { ...job, startedAt: undefined, ended: 'Complete' as const },
        { ...newest, ended: 'Failed' as const },
      ],
      pods: [pod],
      state,
    },
    status: { result: 'Failed', message: 'exit code 1: Cannot train yet' },
  },
  {
    what: 'what Kubernetes says, where nothing else does',
    known: {
      jobs: [{ ...newest, ended: 'Failed' as const, message: 'Job was active longer than specified deadline' }],
      pods: [],
      state,
    },
    status: { result: 'Failed', message: 'Job was active longer than specified deadline' },
  },
  {
    what: 'the last one, when its Job is gone',
    known: { jobs: [], pods: [], state },
    status: { result: 'Published', lastRunAt: '1970-01-01T00:00:00Z' },
  },
])('the status of a model says of its newest training run: $what', ({ known, status }) => {
  const training = { ...known, nextAt: undefined };
  if (status === undefined) expect(trainingStatus(training)).toBeUndefined();
  else expect(trainingStatus(training)).toMatchObject(status);
});

test.each([
  { what: 'when the next run begins, in its time zone', suspend: false, next: '2026-01-02T02:00:00Z' },
  { what: 'no next run while it is suspended', suspend: true, next: undefined },
])('the status of a model says $what', ({ suspend, next }) => {
  const schedule = { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' };
  const known = resources(proposing, schedule).map((object) =>
    object.kind === 'ScoringModel' ? { ...object, spec: { ...(object['spec'] as object), suspend } } : object,
  );
  const facts = {
    ...observedWith({ resources: known }),
    failures: new Map(),
    now: '2026-01-01T03:30:00Z',
    version: '1',
  };
  const reported = statusesOf({ ...facts, plan: plan(facts, { images: defaultImages }) });
  const status = reported.find(({ object }) => object.kind === 'ScoringModel')?.status;
  expect((status?.['training'] as { nextRunAt?: string } | undefined)?.nextRunAt).toBe(next);
});
