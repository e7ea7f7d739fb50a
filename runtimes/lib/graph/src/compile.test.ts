import { expect, test } from 'vitest';
import type { RolloutProgram } from './programs/index.ts';
import { said, small } from './test/small.ts';

const names = (from = '', to = '') => said(small(from, to)).programs.map(({ name }) => name);
const all = ['ingest-demo', 'ingest-archive', 'window-hourly', 'window-post-10m', 'scorer-hits', 'api'];

test('sources come first, then windows, models and the API', () => {
  expect(names()).toEqual(all);
});

test.each([
  { what: 'a pipeline', from: '  sources:', to: '  suspend: true\n  sources:', left: [] },
  { what: 'a source', from: 'generator:', to: 'suspend: true\n      generator:', left: all.slice(1) },
  {
    what: 'a window',
    from: '  key: [',
    to: '  suspend: true\n  key: [',
    left: all.filter((n) => n !== 'window-post-10m'),
  },
  {
    what: 'a model',
    from: '  outcomeRef',
    to: '  suspend: true\n  outcomeRef',
    left: all.filter((n) => n !== 'scorer-hits'),
  },
])('$what that is suspended gives no program, and nothing else is said of it', ({ from, to, left }) => {
  expect(said(small(from, to)).lines).toEqual([]);
  expect(names(from, to)).toEqual(left);
});

test('a resource with an error gives no program; the others do', () => {
  expect(names('field: event.user.followers', 'field: event.nope')).toEqual(all.filter((n) => n !== 'window-post-10m'));
});

test('a field that nothing reads is refused', () => {
  expect(said(small('  key: [', '  engine: Flink\n  update: { keepOld: 2h }\n  key: [')).lines).toContain(
    'windows.yaml:10:3: spec.update: Cannot use "update": it is not supported yet, remove it',
  );
});

test('a field that nothing reads may stand there with its default, as the API server writes it', () => {
  expect(said(small('  key: [', '  state: { saveEvery: 10s }\n  joins: []\n  key: [')).lines).toEqual([]);
});

test.each([
  ['  key: [', '  replicas: 2\n  key: [', 'windows.yaml:9:13: spec.replicas: Cannot use "replicas" here'],
  [
    'generator:',
    'standby: true\n      generator:',
    'pipeline.yaml:8:16: spec.sources[0].standby: Cannot use "standby" here',
  ],
  [
    '  sources:',
    '  kafka: { brokers: ["k:9092"] }\n  sources:',
    'pipeline.yaml:6:3: spec.kafka: Cannot use "kafka" here',
  ],
])('%s… what is for a cluster is ignored on a laptop, and said so', (from, to, line) => {
  const { lines, severities, programs } = said(small(from, to));
  expect(lines).toEqual([`${line}: it has an effect only in a cluster, it is ignored`]);
  expect(severities).toEqual(['warning']);
  expect(programs.map(({ name }) => name)).toEqual(all);
});

test('in a cluster it says how the program runs there', () => {
  const { lines, placements } = said(small('api: {}', 'api: { replicas: 2 }'), 'cluster');
  expect(lines.filter((line) => !line.includes('into a cluster'))).toEqual([]);
  expect(placements.map(({ program, replicas }) => [program, replicas])).toEqual(
    all.map((program) => [program, program === 'api' ? 2 : undefined]),
  );
});

test('several pods share the partitions of a window; more than there are have nothing to do', () => {
  const three = small('  sources:', '  topics: { events: { partitions: 3 } }\n  sources:');
  const pods = (replicas: number) =>
    three.map(({ path, text }) => ({ path, text: text.replace('  key: [', `  replicas: ${replicas}\n  key: [`) }));
  const { placements } = said(pods(3), 'cluster');
  expect(placements.find(({ program }) => program === 'window-post-10m')).toMatchObject({ replicas: 3 });
  expect(said(pods(4), 'cluster').lines).toContain(
    'windows.yaml:9:13: spec.replicas: Cannot run 4 pods: there are 3 partitions to share, write at most 3',
  );
});

const scaled = (written: string) => small('  key: [', `  autoscaling: { maxReplicas: 8, ${written} }\n  key: [`);

test('autoscaling keeps to the goal of the pipeline where it has none itself', () => {
  const of = (files: ReturnType<typeof small>) =>
    said(files, 'cluster').placements.find(({ program }) => program === 'window-post-10m')?.autoscaling;
  expect(of(scaled('mode: Recommend'))).toMatchObject({
    ...{ acts: false, min: 1, max: 8, freshnessMs: 500, utilization: 0.7 },
    up: { stabilizationMs: 0 },
    down: { stabilizationMs: 300_000 },
  });
  expect(of(scaled('target: { freshness: 2s, utilization: 50 }'))).toMatchObject({
    freshnessMs: 2_000,
    utilization: 0.5,
  });
});

test.each([
  ['by: HPA, minReplicas: 0', 'spec.autoscaling.minReplicas: Cannot scale to zero: a HorizontalPodAutoscaler goes by'],
  ['by: KEDA, mode: Recommend', 'spec.autoscaling.mode: Cannot only recommend: KEDA always acts'],
  [
    'by: HPA, schedules: [{name: d, start: "0 8 * * *", end: "0 9 * * *", minReplicas: 2}]',
    'spec.autoscaling.schedules: Cannot use "schedules": it is not supported yet, use by: Operator or KEDA',
  ],
  [
    'schedules: [{name: d, start: "0 8 * * *", end: "0 9 * * *", timeZone: Mars, minReplicas: 2}]',
    'Cannot scale by the time of "Mars": there is no such time zone',
  ],
  [
    'schedules: [{name: d, start: "0 8 * * *", end: "0 9 * * *", minReplicas: 99}]',
    'Cannot run 99 pods at least: maxReplicas is 8, write at most that',
  ],
  [
    'by: HPA, mode: Recommend',
    'spec.autoscaling.mode: Cannot only recommend: a HorizontalPodAutoscaler always acts, write Auto or by: Operator',
  ],
  [
    'by: HPA, target: {freshness: 1s}',
    'spec.autoscaling.target.freshness: Cannot use "freshness": it is not supported yet, remove it',
  ],
])('autoscaling with %s is refused', (written, line) => {
  expect(said(scaled(written), 'cluster').lines.join()).toContain(line);
});

test('in a cluster, what is suspended is a program without pods', () => {
  const { programs, placements } = said(small('  key: [', '  suspend: true\n  key: ['), 'cluster');
  expect(programs.map(({ name }) => name)).toEqual(all);
  expect(placements.filter(({ suspended }) => suspended).map(({ program }) => program)).toEqual(['window-post-10m']);
});

const feedFile = (fields = '', name = 'home') => ({
  path: `${name}.yaml`,
  text: `apiVersion: groundswell.dev/v1alpha1\nkind: Feed\nmetadata: { name: ${name} }\nspec:\n  pipelineRef: { name: news }\n${fields}`,
});

test('a feed becomes two consumer groups, and the API knows of it', () => {
  const { lines, programs } = said([...small(), feedFile()]);
  expect(lines).toEqual([]);
  expect(programs.flatMap(({ kind, name }) => (kind === 'feed' ? [name] : []))).toEqual([
    'feed-home',
    'feed-home-saver',
  ]);
  expect(programs.find(({ kind }) => kind === 'api')).toMatchObject({ feed: { name: 'home', mode: 'Hybrid' } });
});

test('a feed needs the API, and a pipeline has one feed', () => {
  const { lines } = said([...small('  api: {}\n  ui: { heatmap: { windowRef: { name: hourly } } }\n', ''), feedFile()]);
  expect(lines).toEqual([
    'home.yaml:5:3: spec.pipelineRef: Cannot run a feed: posts come and timelines go by the API and the pipeline has none, add "api: {}" to it',
  ]);
  expect(said([...small(), feedFile(), feedFile('', 'other')]).lines).toEqual([
    'other.yaml:5:3: spec.pipelineRef: Cannot use "pipelineRef": it is not supported yet, the pipeline has the feed "home", one is enough for now',
  ]);
});

test.each([
  {
    ranking: '{ windowRef: { name: post-10m }, weights: { reposts: 1 } }',
    says: 'home.yaml:6:14: spec.ranking.windowRef: Cannot rank accounts by the window "post-10m": it has no hash for each account, one with "key: [author_id]" and a redis.hash sink is needed',
  },
  {
    ranking: '{ windowRef: { name: nowhere }, weights: { reposts: 1 } }',
    says: 'home.yaml:6:33: spec.ranking.windowRef.name: Cannot find FeatureWindow "nowhere": there is none of that name, known are hourly, post-10m',
  },
])('a feed ranks by a window of accounts: $ranking is none', ({ ranking, says }) => {
  expect(said([...small(), feedFile(`  ranking: ${ranking}\n`)]).lines).toEqual([says]);
});

test('a feed weighs what its window has', () => {
  const byAuthor = small('  key: [post_id]', '  key: [author_id]').map(({ path, text }) => ({
    path,
    text: text.replace('post:{post_id}', 'author:{author_id}'),
  }));
  const ranked = (weights: string) => [
    ...byAuthor,
    feedFile(`  ranking: { windowRef: { name: post-10m }, weights: ${weights} }\n`),
  ];
  expect(said(ranked('{ reposts: 2 }')).lines).toEqual([]);
  expect(said(ranked('{ repost: 2 }')).lines).toEqual([
    'home.yaml:6:64: spec.ranking.weights.repost: Cannot weigh "repost": the window "post-10m" has no such aggregation, did you mean "reposts"?',
  ]);
});

test('a feed ranks by an expression over what its window has', () => {
  const byAuthor = small('  key: [post_id]', '  key: [author_id]').map(({ path, text }) => ({
    path,
    text: text.replace('post:{post_id}', 'author:{author_id}'),
  }));
  const ranked = (expression: string) => [
    ...byAuthor,
    feedFile(`  ranking: { windowRef: { name: post-10m }, expression: "${expression}" }\n`),
  ];
  expect(said(ranked('log1p(reposts)')).lines).toEqual([]);
  expect(said(ranked('log1p(repost)')).lines).toEqual([expect.stringContaining('did you mean "reposts"?')]);
});

test('a feed that ranks on write has a group that hears of its window, which needs a topic', () => {
  const of = (sinks: string) =>
    said([
      ...small('  key: [post_id]', '  key: [author_id]').map(({ path, text }) => ({
        path,
        text: text.replace('    - redis: { hash: { key: "post:{post_id}" } }', sinks),
      })),
      feedFile('  ranking: { windowRef: { name: post-10m }, weights: { reposts: 1 }, materialize: OnWrite }\n'),
    ]);
  const hash = '    - redis: { hash: { key: "author:{author_id}" } }';
  expect(of(hash).lines).toEqual([expect.stringContaining('nothing says when it changes, the sink "topic: {}" is')]);
  const { lines, programs } = of(`${hash}\n    - topic: { name: changes }`);
  expect(lines).toEqual([]);
  expect(programs.find(({ name }) => name === 'feed-home-ranker')).toMatchObject({
    work: {
      kind: 'ranker',
      results: { name: 'changes' },
      ranking: { hash: 'author:{author_id}', fields: ['reposts'] },
    },
  });
});

test('the pods that fan out follow their load, and one is always there', () => {
  const scaled = (more: string) =>
    said([...small(), feedFile(`  autoscaling: { maxReplicas: 6${more} }\n`)], 'cluster');
  const ofHome = (lines: readonly string[]) => lines.filter((line) => line.startsWith('home.yaml'));
  const { lines, placements } = scaled('');
  expect(ofHome(lines)).toEqual([]);
  const ofFeed = placements.filter(({ owner }) => owner.kind === 'Feed');
  expect(ofFeed.map(({ program, autoscaling }) => [program, autoscaling?.max])).toEqual([
    ['feed-home', 6],
    ['feed-home-saver', undefined],
  ]);
  expect(ofHome(scaled(', minReplicas: 0').lines)).toEqual([
    expect.stringContaining('Cannot use "minReplicas": it is not supp'),
  ]);
  expect(ofHome(scaled(', by: KEDA').lines)).toEqual([expect.stringContaining('use Operator or HPA')]);
});

test('a feed may have several pods in a cluster', () => {
  const { lines, placements } = said([...small(), feedFile('  replicas: 4\n  saver: { replicas: 2 }\n')], 'cluster');
  expect(lines.filter((line) => line.includes('home'))).toEqual([]);
  expect(
    placements.filter(({ owner }) => owner.kind === 'Feed').map(({ program, replicas }) => [program, replicas]),
  ).toEqual([
    ['feed-home', 4],
    ['feed-home-saver', 2],
  ]);
});

test('windows may share a hash, but not a field of it', () => {
  const second = (field: string) =>
    said(
      small(
        '    - redis: { series: { key: hourly, keep: 24 } }',
        `    - redis: { series: { key: hourly, keep: 24 } }
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: tail }
spec:
  pipelineRef: { name: news }
  key: [post_id]
  window: { tumble: { size: 1h } }
  aggregations: [{ name: ${field}, count: {} }]
  sinks: [{ redis: { hash: { key: "post:{post_id}" } } }]
`,
      ),
    ).lines;
  expect(second('others')).toEqual([]);
  expect(second('reach')).toEqual([
    'windows.yaml:39:3: spec.sinks: Cannot write to "post:{post_id}": the window "post-10m" writes the field "reach" there too, another key or other names are needed',
  ]);
});

const revisions = (from = '', to = '') =>
  new Map(said(small(from, to)).programs.map(({ name, revision }) => [name, revision.split('-')]));

test('a live change shows in the second half of the revision alone, another in the first', () => {
  const before = revisions();
  const live = revisions('share: 60', 'share: 60.004');
  const other = revisions('size: 10m', 'size: 20m');
  expect(live.get('scorer-hits')?.[0]).toBe(before.get('scorer-hits')?.[0]);
  expect(live.get('scorer-hits')?.[1]).not.toBe(before.get('scorer-hits')?.[1]);
  // Workers make another revision of a window that is defined anew.
  expect(other.get('window-post-10m')?.[0]).toBe(before.get('window-post-10m')?.[0]);
  expect(other.get('window-post-10m')?.[1]).not.toBe(before.get('window-post-10m')?.[1]);
  const elsewhere = revisions('  key: [post_id]', '  emit: EveryWindow\n  key: [post_id]');
  expect(elsewhere.get('window-post-10m')?.[0]).not.toBe(before.get('window-post-10m')?.[0]);
  expect(other.get('window-hourly')).toEqual(before.get('window-hourly'));
});

test('what cannot be used goes to one topic, by whatever program', () => {
  const topics = (from = '', to = '') =>
    said(small(from, to)).programs.flatMap((program) =>
      'deadLetters' in program ? [[program.kind, program.deadLetters.name]] : [],
    );
  expect(topics('  sources:', '  topics: { deadLetters: { name: spoilt } }\n  sources:')).toEqual([
    ['ingest', 'spoilt'],
    ['ingest', 'spoilt'],
    ['window', 'spoilt'],
    ['window', 'spoilt'],
    ['scorer', 'spoilt'],
  ]);
  expect(new Set(topics().map(([, name]) => name))).toEqual(new Set(['news.dead-letters']));
});

test('how often a store is tried is said for each group: by its window, its model, or the pipeline', () => {
  const tries = (from = '', to = '') =>
    new Map(
      said(small(from, to)).programs.map(({ name, retries }) => [name, retries && Object.values(retries).join(' ')]),
    );
  expect([...tries()]).toEqual(all.map((name) => [name, name === 'api' ? undefined : '3 100 10000']));
  const policy = 'deadLetters: { attempts: 7, backoff: { initial: 1s, max: 1m } }';
  expect([...tries('  sources:', `  ${policy}\n  sources:`)].filter(([, said]) => said === '7 1000 60000')).toEqual([
    ['ingest-demo', '7 1000 60000'],
    ['ingest-archive', '7 1000 60000'],
  ]);
  expect(tries('  key: [post_id]', `  ${policy}\n  key: [post_id]`).get('window-post-10m')).toBe('7 1000 60000');
});

test.each([
  { what: 'nothing', annotation: '', says: { abort: false } },
  { what: 'a promotion', annotation: 'groundswell.dev/promote: today', says: { abort: false, promote: 'today' } },
  { what: 'the challenger', annotation: `groundswell.dev/abort: "${'b'.repeat(64)}"`, says: { abort: true } },
  { what: 'another artifact', annotation: `groundswell.dev/abort: "${'a'.repeat(64)}"`, says: { abort: false } },
])('of a rollout an annotation that names $what says this', ({ annotation, says }) => {
  const annotated = small(
    '  outcomeRef:',
    '  rollout: { champion: champion, challenger: challenger }\n  outcomeRef:',
  ).map(({ path, text }) => ({
    path,
    text: text.replace('  name: hits\n', `  name: hits\n  annotations: { ${annotation} }\n`),
  }));
  const { programs } = said(annotated);
  const { abort, promote } = programs.find(({ kind }) => kind === 'rollout') as RolloutProgram;
  expect({ abort, ...(promote === undefined ? {} : { promote }) }).toEqual(says);
});

test.each([
  { what: 'its events are reports', from: "where: event.type == 'repost'", to: "where: event.type == 'outcome'" },
  {
    what: 'an aggregation counts reports alone',
    from: 'sum: { field: event.user.followers } }',
    to: "sum: { field: event.outcome.likes }, where: event.lang == 'en' && event.type == 'outcome' }",
  },
])('a window may read final figures where $what', ({ from, to }) => {
  const files = small(from, to).map(({ path, text }) => ({
    path,
    text: text.replace("outcome'\n", "outcome' && event.outcome.likes > 1\n"),
  }));
  expect(said(files).lines).toEqual([]);
});

test('an outcome that others report is a figure of its name, and the API takes it for the topic of events', () => {
  const from = "count: { where: event.type == 'repost', atLeast: 10 }";
  const { programs, lines } = said(small(from, 'reported: { atLeast: 10 }'));
  expect(lines).toEqual([]);
  expect(programs.find(({ kind }) => kind === 'scorer')).toMatchObject({
    outcome: { name: 'hit', rule: { kind: 'figure', field: 'hit', atLeast: 10, maturityMs: 86_400_000 } },
  });
  expect(programs.find(({ kind }) => kind === 'api')).toMatchObject({
    reports: { outcomes: ['hit'], events: { name: 'news.events' }, keyBy: 'post_id' },
  });
});

test('programs of a pipeline that does not want latencies stamped keep none', () => {
  const passed = (files: ReturnType<typeof small>) => said(files).programs.filter(({ kind }) => kind !== 'api');
  const stamps = (files = small()) => new Set(passed(files).map((each) => each.stampLatency));
  expect(stamps()).toEqual(new Set([undefined]));
  const without = small('  api: {}', '  observability: { stampLatency: false }\n  api: {}');
  expect(stamps(without)).toEqual(new Set([false]));
});

test.each([
  { target: 'cluster', guardrails: '', goals: '', ms: 1_000 },
  { target: 'cluster', guardrails: '', goals: '  goals: { prediction: 3s }\n', ms: 3_000 },
  { target: 'cluster', guardrails: ', guardrails: { maxLatency: 50ms }', goals: '', ms: 50 },
  { target: 'local', guardrails: '', goals: '', ms: undefined },
] as const)(
  'a challenger ($target) must keep what the pipeline promises, or what its guardrails say: $ms ms',
  ({ target, guardrails, goals, ms }) => {
    const files = small(
      '  outcomeRef:',
      `  rollout: { champion: champion, challenger: challenger${guardrails} }\n  outcomeRef:`,
    ).map(({ path, text }) => ({ path, text: text.replace('  sources:', `${goals}  sources:`) }));
    const { programs, lines } = said(files, target);
    expect(lines.filter((line) => !line.includes('into a cluster'))).toEqual([]);
    const rollout = programs.find(({ kind }) => kind === 'rollout') as RolloutProgram | undefined;
    expect(rollout?.guardrails.maxLatencyMs).toBe(ms);
  },
);

test('traces are for the programs that events pass, with the headers by reference', () => {
  const traces = 'traces: { endpoint: "http://otel:4318", headersRef: { name: otel, key: headers } }';
  const { lines, programs } = said(small('  api: {}', `  observability: { ${traces} }\n  api: {}`));
  expect(lines).toEqual([]);
  const headers = { from: 'secret', name: 'otel', key: 'headers' };
  expect(programs.map((program) => [program.kind, program.traces])).toEqual(
    programs.map(({ kind }) => [
      kind,
      kind === 'api' ? undefined : { endpoint: 'http://otel:4318', share: 0.01, headers },
    ]),
  );
});
