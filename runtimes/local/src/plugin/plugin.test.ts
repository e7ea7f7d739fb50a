import { describe, expect, test } from 'vitest';
import { chooseDeployment, deadLettersCommand } from './dead-letters.ts';
import { explain, explainScale } from './explain.ts';
import type { Seen, Status } from './resource.ts';
import { renderResources } from './top.ts';
import { type WishName, wishFor } from './wishes.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const [champion, challenger] = ['a'.repeat(64), 'b'.repeat(64)];

type Conditions = NonNullable<Status['conditions']>;
const conditions = (ready: 'True' | 'False', reason: string, message: string): Conditions => [
  { type: 'Ready', status: ready, reason, message, lastTransitionTime: '2026-11-21T11:57:00Z' },
  { type: 'Available', status: ready, reason, message, lastTransitionTime: '2026-11-21T11:57:00Z' },
];
const well = conditions('True', 'AllWell', 'All pods run what was asked for.');

const metadata = (name: string) => ({ name, namespace: 'social', generation: 3 });
const pipeline = (status?: object): Seen => ({
  kind: 'ViralityPipeline',
  metadata: metadata('news'),
  spec: { sources: [] } as never,
  ...(status && { status: { observedGeneration: 3, ...status } }),
});
const window = (status?: object, spec: object = {}): Seen => ({
  kind: 'FeatureWindow',
  metadata: metadata('post-10m'),
  spec: spec as never,
  ...(status && { status: { observedGeneration: 3, ...status } }),
});
const variants = [
  { name: 'champion', artifact: { uri: './a.onnx', sha256: champion } },
  { name: 'challenger', artifact: { uri: './b.onnx', sha256: challenger } },
];
const rollout = { champion: 'champion', challenger: 'challenger' };
const model = (status?: object, spec: object = { variants, rollout }): Seen => ({
  kind: 'ScoringModel',
  metadata: metadata('hits'),
  spec: spec as never,
  ...(status && { status: { observedGeneration: 3, ...status } }),
});
const running = {
  step: '2/4',
  doing: 'Waits for a person to promote',
  since: '2026-11-21T10:00:00Z',
  challengerSha256: challenger,
};

describe('top', () => {
  test('shows what is not well first, then what has most to do', () => {
    const broken = conditions('False', 'PodsNotReady', '0 of 1 pods are ready');
    const rows = renderResources(
      [
        pipeline({ conditions: well, eventsPerSecond: 12_000, freshnessMs: 340, summary: { sources: '1/1' } }),
        model({ conditions: well, desiredReplicas: 2, readyReplicas: 2, scoresPerSecond: 20_000, p99Ms: 1.34 }),
        window({ conditions: broken, message: '0 of 1 pods are ready', desiredReplicas: 1, readyReplicas: 0 }),
      ],
      { withNamespace: false },
    );
    expect(rows).toEqual([
      'RESOURCE     READY  PODS  RATE/S  BEHIND  WHAT',
      'fw/post-10m  False  0/1                   0 of 1 pods are ready',
      'sm/hits      True   2/2   20k     1.3 ms',
      'vp/news      True         12k     340 ms  sources 1/1',
    ]);
  });

  test('names the namespace where several are shown, and what no operator has seen', () => {
    expect(renderResources([window()], { withNamespace: true })[1]).toBe(
      'social     fw/post-10m  Unknown                        The operator has not seen it yet.',
    );
  });
});

describe('explain', () => {
  test('says what is wrong, since when, what failed and where to look', () => {
    const status = {
      phase: 'Pending',
      conditions: conditions('False', 'PodsNotReady', '0 of 1 pods are ready'),
      selector: 'groundswell.dev/program=window-post-10m',
      lastFailure: { reason: 'ImagePullBackOff', message: 'not found', pod: 'p-1', time: '2026-11-21T11:59:00Z' },
      revisions: [{ program: 'window-post-10m', wanted: 'new', running: 'old' }],
    };
    const events = [{ at: '2026-11-21T11:58:00Z', reason: 'PodsNotReady', message: '0 of 1' }];
    expect(explain(window(status), { events, now })).toEqual([
      'FeatureWindow "post-10m" is not Ready (PodsNotReady), Pending: 0 of 1 pods are ready',
      '  Available is False (PodsNotReady, since 3m): 0 of 1 pods are ready',
      '  window-post-10m runs revision old, and should run new',
      'Last failure, 1m ago: ImagePullBackOff in pod p-1: not found',
      'Newest Events:',
      '  2m ago  PodsNotReady: 0 of 1',
      'Its log: kubectl logs -n social -l groundswell.dev/program=window-post-10m',
    ]);
  });

  test('tells a rollout in its numbers', () => {
    const verdict = { state: 'NotWorse', reason: 'no loss', metric: 'Auc', labels: 1200, labelsNeeded: 5000 };
    const numbers = { difference: 0.0123, low: -0.004, high: 0.0311 };
    const status = { conditions: well, rollout: { ...running, verdict: { ...verdict, ...numbers } } };
    expect(explain(model(status), { events: [], now }).slice(-3)).toEqual([
      'Rollout of bbbbbbbbbbbb, step 2/4 since 2h: Waits for a person to promote',
      '  verdict: NotWorse: no loss',
      '  Auc +0.0123, between -0.004 and +0.0311, 1200 of 5000 labels',
    ]);
  });

  test('says that it speaks of an older generation, and that nobody has looked', () => {
    const [, stale] = explain(window({ conditions: well, observedGeneration: 2 }), { events: [], now });
    expect(stale).toBe('The operator has not seen the newest change yet; this is of the one before.');
    expect(explain(window(), { events: [], now })[0]).toMatch(/has not seen it yet.*namespace "social"/);
  });
});

test.each([
  { what: 'a window that is suspended', seen: window({}, { suspend: true }), says: /it is suspended$/ },
  { what: 'one with replicas', seen: window({}, { replicas: 3 }), says: /spec.replicas says 3/ },
  { what: 'one that nobody decided about', seen: window({}, { autoscaling: {} }), says: /no decision was made yet/ },
  { what: 'a pipeline', seen: pipeline({}), says: /does not scale as one/ },
  {
    what: 'one that was decided about',
    seen: window(
      {
        readyReplicas: 2,
        desiredReplicas: 5,
        scaling: {
          ...{ decidedAt: '2026-11-21T11:00:00Z', from: 2, to: 5 },
          ...{ reason: 'Lag', message: 'lag 9 s, goal 5 s', applied: false },
        },
      },
      { autoscaling: { mode: 'Recommend' } },
    ),
    says: /has 2 of 5 pods\nRecommended, not done, 1h ago: 2 → 5 \(Lag\)\n {2}lag 9 s, goal 5 s$/,
  },
])('why $what has so many pods is said', ({ seen, says }) => {
  expect(explainScale(seen, { now }).join('\n')).toMatch(says);
});

describe('a wish', () => {
  const promote = 'groundswell.dev/promote';
  test.each([
    { wish: 'pause', seen: window(), patch: { spec: { suspend: true } } },
    { wish: 'resume', seen: pipeline(), patch: { spec: { suspend: false } } },
    {
      wish: 'promote',
      seen: model({ rollout: running }),
      patch: { metadata: { annotations: { [promote]: `${challenger}@2/4` } } },
    },
    // Nothing is reported of the rollout: a word that was not there before.
    {
      wish: 'promote',
      seen: model(),
      patch: { metadata: { annotations: { [promote]: `${challenger}@2026-11-21T12:00:00.000Z` } } },
    },
    {
      wish: 'abort',
      seen: model(),
      patch: { metadata: { annotations: { 'groundswell.dev/abort': challenger } } },
    },
  ] as const)('to $wish $seen.kind is this patch', ({ wish, seen, patch }) => {
    expect(wishFor(wish, seen, now).patch).toEqual(patch);
  });

  test.each([
    { wish: 'promote', seen: window(), message: /only models have rollouts, a ScoringModel is needed/ },
    { wish: 'abort', seen: model(undefined, { variants }), message: /it has no rollout, spec.rollout is needed/ },
    {
      wish: 'promote',
      seen: model(undefined, { variants: [], rollout }),
      message: /"challenger" has no artifact yet/,
    },
  ] as const)('to $wish that makes no sense is refused', ({ wish, seen, message }) => {
    expect(() => wishFor(wish as WishName, seen, now)).toThrow(message);
  });
});

describe('deadletters', () => {
  const deployment = (component: string, readyReplicas?: number) => ({
    metadata: { name: `news-${component}`, labels: { 'app.kubernetes.io/component': component } },
    ...(readyReplicas !== undefined && { status: { readyReplicas } }),
  });

  test('asks a pod that is ready: of a source if there is one, as it knows how events are keyed', () => {
    const ready = [deployment('scorer', 1), deployment('window', 2), deployment('ingest', 1)];
    expect(chooseDeployment(pipeline(), ready).metadata.name).toBe('news-ingest');
    expect(chooseDeployment(pipeline(), [...ready.slice(0, 2), deployment('ingest')]).metadata.name).toBe(
      'news-window',
    );
    expect(() => chooseDeployment(pipeline(), [deployment('ingest', 0)])).toThrow(
      'Cannot ask for the dead letters of "news": no pod of its sources, windows or models is ready, one is needed',
    );
    expect(deadLettersCommand(['show', '0-17']).slice(2)).toEqual(['deadletters', 'show', '0-17']);
  });
});
