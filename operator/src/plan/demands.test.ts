import type { ScorerProgram } from '@groundswell/graph';
import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import { defaultImages } from '../children/render.ts';
import { statusesOf } from '../report/status.ts';
import { observedWith, rolledOutModel } from '../resources.fixture.ts';
import type { Observed } from './observed.ts';
import { type Plan, plan } from './plan.ts';
import type { PodReport } from './pod-report.ts';

const [old, young, other] = ['0', '1', '2'].map((digit) => digit.repeat(64)) as [string, string, string];

const resources = (challenger: string) => {
  const variant = (name: string, share: number, sha256: string) => ({
    ...{ name, share },
    artifact: { uri: `./${name}.onnx`, sha256 },
  });
  return rolledOutModel({ variants: [variant('champion', 90, old), variant('challenger', 10, challenger)] });
};

type Demand = NonNullable<ProgramReport['demand']>;
const demand = (change: Partial<Demand> = {}): Demand => ({
  ...{ model: 'hits', challenger: young, compared: true, retired: [] },
  shares: { champion: 80, challenger: 20 },
  ...change,
});
const reportOf = (change: Partial<ProgramReport>, program = 'rollout-hits'): PodReport => {
  const current: ProgramReport = {
    ...{ program, revision: '', at: 1, health: { kind: 'ready' } },
    ...{ records: 0, busyMs: 0, produced: {} },
    ...change,
  };
  return { pod: `${program}-0`, program, current, previous: undefined, since: 0 };
};

const observed = ({ challenger = young, ...change }: Partial<Observed> & { readonly challenger?: string } = {}) =>
  observedWith({ resources: resources(challenger), ...change });
const planned = (change: Parameters<typeof observed>[0] = {}): Plan =>
  plan(observed(change), { images: defaultImages });

const scorerIn = ({ compiled }: Plan): ScorerProgram =>
  compiled.programs.find((program) => program.kind === 'scorer') as ScorerProgram;
const sharesIn = (made: Plan) => scorerIn(made).variants.map(({ name, share }) => `${name} ${share}`);
const standing = ({ objects }: Plan) =>
  objects.map((object) => ({ ...object, metadata: { ...object.metadata, uid: `uid-${object.metadata.name}` } }));

const begun = planned();
const moved = planned({ reports: [reportOf({ demand: demand() })] });

test('a rollout begins with everything at the champion, whatever shares are written', () => {
  expect(begun.verdicts.flatMap(({ refused }) => refused)).toEqual([]);
  expect(sharesIn(begun)).toEqual(['champion 100', 'challenger 0']);
});

test('the scorer is given what its rollout asks for, as a live change', () => {
  expect(sharesIn(moved)).toEqual(['champion 80', 'challenger 20']);
  const [before, after] = [scorerIn(begun).revision.split('-'), scorerIn(moved).revision.split('-')];
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  const names = ({ objects }: Plan) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names(moved)).toEqual(names(begun));
});

test('a rollout that cannot be asked changes nothing: the shares that stand there stay', () => {
  expect(sharesIn(planned({ children: standing(moved) }))).toEqual(['champion 80', 'challenger 20']);
  const over = demand({ shares: { champion: 0, challenger: 100 }, compared: false, retired: ['champion'] });
  const promoted = planned({ reports: [reportOf({ demand: over })] });
  expect(sharesIn(promoted)).toEqual(['challenger 100']);
  expect(sharesIn(planned({ children: standing(promoted) }))).toEqual(['challenger 100']);
});

test('a new challenger begins with nothing, also while the rollout still speaks of the one before it', () => {
  const change = { challenger: other, reports: [reportOf({ demand: demand() })], children: standing(moved) };
  expect(sharesIn(planned(change))).toEqual(['champion 100', 'challenger 0']);
});

test('what was written before there was a rollout is no state of one', () => {
  const without = resources(young).map((object) => {
    const { rollout: _, ...spec } = object['spec'] as Record<string, unknown>;
    return { ...object, spec };
  });
  const plain = planned({ resources: without });
  expect(sharesIn(plain)).toEqual(['champion 90', 'challenger 10']);
  expect(sharesIn(planned({ children: standing(plain) }))).toEqual(['champion 100', 'challenger 0']);
});

const measured = (name: string, sha256: string, auc: number | null) => ({
  ...{ name, sha256, share: 0, labels: 1_200, positives: 90, auc, aucLow: null, aucHigh: null },
  ...{ logLoss: null, calibrationError: null, liftAt10: null, p99Ms: 12 },
});
const rollout = {
  ...{ model: 'hits', at: 0, phase: 'Waiting', step: 2, steps: 6, since: 60_000, doing: 'Waits for a verdict' },
  verdict: {
    ...{ state: 'Collecting', reason: 'Too few labels', metric: 'Auc', difference: 0.01, low: -0.02, high: 0.04 },
    ...{ evidence: 1.5, labels: 1_200, labelsNeeded: 7_000, expectedAt: null },
  },
  champion: measured('champion', old, 0.85),
  challenger: measured('challenger', young, null),
  ...{ waiting: 3, missing: 0, corrected: 0 },
};

test('the model says who is champion, how shares stand, what the evidence is, and what each variant does', () => {
  const variants = [
    { name: 'champion', shadow: false, share: 100, sha256: old },
    { name: 'challenger', shadow: false, share: 0, problem: 'Cannot load it' },
  ];
  const reports = [reportOf({ demand: demand(), rollout }), reportOf({ variants }, 'scorer-hits')];
  const made = planned({ reports });
  const facts = {
    plan: made,
    children: standing(made),
    pods: [],
    jobs: [],
    reports,
    scaling: new Map(),
    failures: new Map(),
  };
  const status = statusesOf({ ...facts, now: '2026-11-21T12:00:00Z', version: '1' }).find(
    ({ object }) => object.kind === 'ScoringModel',
  )?.status;
  expect(status).toMatchObject({
    champion: 'champion',
    championAuc: 0.85,
    shares: 'champion 80, challenger 20',
    rollout: {
      step: '3/6',
      doing: 'Waits for a verdict',
      since: '1970-01-01T00:01:00Z',
      challengerSha256: young,
      verdict: { state: 'Collecting', labels: 1_200, labelsNeeded: 7_000, evidence: 1.5 },
    },
    variants: [
      { name: 'champion', state: 'Serving', share: 80, sha256: old, auc: 0.85, labels: 1_200 },
      { name: 'challenger', state: 'Failed', message: 'Cannot load it', share: 20 },
    ],
  });
  expect(JSON.stringify(status)).not.toContain('null');
});
