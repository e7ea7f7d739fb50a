import { least, memberOf, type Schema } from './schema-walk.ts';

export type Members = Record<string | number, unknown>;
type Repair = (object: Members) => void;
type RepairKeeping = (object: Members, keep: string | number | undefined) => void;

const secret = { name: 'other', key: 'other' };
const llm = { url: 'https://example.com/v1', model: 'other' };
const pattern = { sequence: [{ name: 'first', where: 'true' }], within: '1m', tag: 'other' };

const setting =
  (members: Members): Repair =>
  (object) => {
    for (const [key, value] of Object.entries(members)) object[key] ??= structuredClone(value);
  };
const forcing =
  (members: Members): Repair =>
  (object) => {
    Object.assign(object, structuredClone(members));
  };
const listOf = (object: Members, key: string) => (object[key] ?? []) as readonly Members[];

const ratio: Repair = (spec) => {
  for (const { ratio: written } of listOf(spec, 'aggregations'))
    if (written !== undefined) Object.assign(written as Members, { numerator: 'reach', denominator: 'people' });
};
/** The last one takes what is left: of those in a rollout only their sum counts. */
const shares: Repair = (spec) => {
  const sharing = listOf(spec, 'variants').filter(({ shadow }) => shadow !== true);
  const last = sharing.pop();
  if (last !== undefined) last['share'] = 100 - sharing.reduce((sum, { share }) => sum + Number(share), 0);
};
const channels: Repair = (alerts) => {
  const [rule] = listOf(alerts, 'rules');
  const named = (rule?.['channels'] ?? []) as readonly string[];
  alerts['channels'] = named.map((name) => ({ name, webhook: { url: 'https://example.com' } }));
};
const firstStep: Repair = ({ sequence }) => {
  (sequence as unknown[]).unshift(pattern.sequence[0]);
};
const baseline: Repair = ({ training }) => {
  forcing({ baseline: { features: ['n'] } })(training as Members);
};
const withoutWhere: Repair = (aggregation) => {
  delete aggregation['where'];
};
/** What was changed, a variant's name or the rollout's, decides the other. */
const contenders: Repair = (spec) => {
  const [first, second] = listOf(spec, 'variants');
  const rollout = spec['rollout'] as Members;
  const isRenamed = rollout['champion'] === 'champion' && rollout['challenger'] === 'challenger';
  if (isRenamed) Object.assign(rollout, { champion: first?.['name'], challenger: second?.['name'] });
  else
    for (const [variant, role] of [
      [first, 'champion'],
      [second, 'challenger'],
    ] as const)
      if (variant !== undefined) variant['name'] = rollout[role];
};

const rulesOfStream: Repair = (x) => {
  x['rules'] = x['stream'] === 'Sample' ? [] : [{ name: 'other', value: 'other' }];
};
const withoutKeys: Repair = (http) => {
  delete http['apiKeysRef'];
};
/** What is not matching or trending is followed, unless that is what was changed; then the rest is trending. */
const mixed: Repair = (spec) => {
  spec['mix'] ??= {};
  const mix = spec['mix'] as Members;
  const matching = Number(mix['matching'] ?? 0);
  const isFollowed = mix['followed'] !== undefined && mix['trending'] === undefined && mix['modelRef'] === undefined;
  const rest = isFollowed ? 1 - Number(mix['followed']) - matching : mix['modelRef'] === undefined ? 0 : 0.5;
  const trending = mix['modelRef'] === undefined ? Number(mix['trending'] ?? rest) : 0.5;
  if (matching > 0) spec['tagging'] ??= { tags: ['other'], llm: structuredClone(llm) };
  if (trending > 0) mix['modelRef'] ??= { name: 'hits' };
  Object.assign(mix, { matching, trending, followed: 1 - matching - trending });
};
/** What was changed stays; the first of the others takes what is left of the sum. */
const summing =
  (total: number, names: readonly string[]): RepairKeeping =>
  (object, keep) => {
    const [first = '', ...rest] = names.filter((name) => name !== keep);
    const of = (name: string): number => Math.min(Number(object[name] ?? 0), total);
    if (typeof keep === 'string' && names.includes(keep)) object[keep] = of(keep);
    for (const name of rest) object[name] = 0;
    object[first] = total - (typeof keep === 'string' && names.includes(keep) ? of(keep) : 0);
  };
const withoutHybrid: Repair = (spec) => {
  delete spec['hybrid'];
};

/** What a rule of a kind says, a field of the object that it is about, and how that object is made right. */
const repairs: readonly (readonly [says: string, about: string, repair: RepairKeeping])[] = [
  ['give certRef and keyRef', 'certRef', setting({ keyRef: secret })],
  ['give certRef and keyRef', 'keyRef', setting({ certRef: secret })],
  ['give strimziCluster', 'brokers', forcing({ topics: 'Strimzi', strimziCluster: 'other' })],
  ['give sentinelMaster', 'addresses', forcing({ mode: 'Sentinel', sentinelMaster: 'other' })],
  ['stream: Filtered needs rules', 'tokenRef', rulesOfStream],
  ['give apiKeysRef or hmac', 'hmac', withoutKeys],
  ['give perMonth, perDay or both', 'quota', ({ quota }) => setting({ perDay: 1 })(quota as Members)],
  ['a rule names a channel', 'rules', channels],
  ['flink has no meaning', 'flink', forcing({ engine: 'Flink' })],
  ['head: Sawtooth needs', 'head', forcing({ head: 'Closed' })],
  ['the first step of a sequence', 'sequence', firstStep],
  ['numerator and denominator', 'aggregations', ratio],
  ['where has no meaning', 'where', withoutWhere],
  ['a tags sink needs', 'sinks', forcing({ window: { pattern } })],
  ['give volume when', 'store', forcing({ volume: { size: '1Gi' } })],
  ['give volume when', 'volume', forcing({ store: 'Volume' })],
  ['training.baseline.features must', 'training', baseline],
  ['the shares of the variants', 'variants', shares],
  ['champion and challenger', 'rollout', contenders],
  ['give min, max or both', 'metric', setting({ min: 0 })],
  ['trending needs modelRef', 'mix', mixed],
  ['mix.matching needs tagging', 'mix', mixed],
  ['followed, matching and trending', 'mix', mixed],
  ['give local, llm or both', 'tags', setting({ llm })],
  ['hybrid has no meaning', 'hybrid', withoutHybrid],
  ['realTime and offline must add up', 'realTime', summing(1, ['realTime', 'offline'])],
  ['hot, interests and exploration must', 'hot', summing(100, ['hot', 'interests', 'exploration'])],
  ['every must divide size', 'every', forcing({ every: '5m' })],
];

export interface Broken {
  readonly message: string;
  /** The object that the problem is at, and those around it, from the inside. */
  readonly around: readonly Members[];
  readonly schema: Schema;
  /** The field in it that was changed and has to stay. */
  readonly keep: string | number | undefined;
}

/** Makes right what a change broke by changing what stands beside it. */
export const repair = ({ message, around, schema, keep }: Broken): void => {
  const cases = /give (?:exactly|at most) one of ([\w, ]+)/.exec(message)?.[1]?.split(', ');
  const [object] = around;
  if (cases !== undefined && object !== undefined) {
    const chosen = cases.find((name) => name === keep) ?? cases[0] ?? '';
    for (const name of cases) if (name !== chosen) delete object[name];
    object[chosen] ??= least(memberOf(schema, chosen));
  }
  for (const [says, about, make] of repairs) {
    const found = message.includes(`: ${says}`) && around.find((candidate) => about in candidate);
    if (!found) continue;
    make(found, keep);
    return;
  }
};
