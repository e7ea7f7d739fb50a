import { createHash } from 'node:crypto';
import type { ApiAccess } from '@groundswell/graph';
import { createLogger, createValues } from '@groundswell/process';
import { keysOf, Problem, type RolloutStatus } from '@groundswell/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiRunning, startApi } from '../start.ts';
import { address, createPorts, openAccess, program, status } from '../test/world.ts';
import type { RolloutWish } from './decisions.ts';

const challenger = 'cd'.repeat(32);
const word = { decision: 'promote', challenger, step: 1, reason: 'the board wants it' } as const;

let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning | undefined;
let wishes: RolloutWish[];
let logged: string;

interface Started {
  readonly access?: Partial<ApiAccess>;
  readonly env?: Readonly<Record<string, string>>;
  readonly decides?: boolean;
}
const start = async ({ access = {}, env = {}, decides = true }: Started = {}): Promise<void> => {
  const write = (line: string): void => {
    logged += line;
  };
  const decide = (wish: RolloutWish): void => {
    wishes.push(wish);
  };
  api = await startApi(
    program({ access: { ...openAccess, ...access } }),
    { ...ports, logger: createLogger('api', 'info', { write }) },
    { ...address, values: createValues({ directories: [], env }), status: () => status, ...(decides && { decide }) },
  );
};
const rollout = async (changes: Partial<Pick<RolloutStatus, 'phase' | 'step'>>): Promise<void> => {
  const batch = ports.keyValue.batch();
  const measured = {
    ...{ share: 50, labels: 0, positives: 0, auc: null, aucLow: null, aucHigh: null },
    ...{ logLoss: null, calibrationError: null, liftAt10: null, p99Ms: null },
  };
  const found: RolloutStatus = {
    ...{ model: 'virality', at: 1, phase: 'Waiting', step: 1, steps: 2, since: 0, doing: 'waits' },
    verdict: {
      ...{ state: 'Collecting', reason: 'none yet', metric: 'Auc', difference: null, low: null, high: null },
      ...{ evidence: 1, labels: 0, labelsNeeded: null, expectedAt: null },
    },
    champion: { name: 'champion', sha256: 'ab'.repeat(32), ...measured },
    challenger: { name: 'challenger', sha256: challenger, ...measured },
    ...{ waiting: 3, missing: 0, corrected: 0 },
    ...changes,
  };
  batch.hashSet(keysOf('demo').rollout('virality'), { status: JSON.stringify(found) });
  await batch.run();
};
const say = (body: object = word, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${api?.url}/v1/rollouts/virality/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const detailOf = async (response: Response): Promise<string> => Problem.parse(await response.json()).detail;

beforeEach(async () => {
  ports = await createPorts();
  wishes = [];
  logged = '';
  await rollout({});
});
afterEach(() => api?.stop());

test('a decision is handed on with what the person saw, and stands in the log with its reason', async () => {
  await start();
  expect((await say()).status).toBe(204);
  expect(wishes).toEqual([{ model: 'virality', decision: 'promote', challenger, step: 1 }]);
  expect(logged).toContain('"reason":"the board wants it"');
});

test('a decision about what is no longer so is refused', async () => {
  await start();
  const moved = await say({ ...word, step: 0 });
  expect(moved.status).toBe(409);
  expect(await detailOf(moved)).toContain('the rollout has moved on to step 1 of cdcdcdcdcdcd, look again');
  expect((await say({ ...word, challenger: 'ee'.repeat(32) })).status).toBe(409);
  await rollout({ phase: 'Promoted' });
  expect([(await say()).status, (await say({ ...word, decision: 'abort' })).status]).toEqual([409, 204]);
  await rollout({ phase: 'Aborted' });
  expect((await say({ ...word, decision: 'abort' })).status).toBe(409);
  expect((await say({ ...word, reason: '' })).status).toBe(400);
  expect(wishes.map(({ decision }) => decision)).toEqual(['abort']);
});

test('where resources alone decide, the command is named', async () => {
  await start({ decides: false });
  const response = await say({ ...word, decision: 'abort' });
  expect(response.status).toBe(409);
  expect(await detailOf(response)).toContain('run kubectl groundswell abort sm/virality');
});

test('a page of another site that is open beside it decides nothing; our own may', async () => {
  await start();
  expect((await say(word, { origin: 'https://elsewhere.example' })).status).toBe(403);
  expect((await say(word, { origin: 'null' })).status).toBe(403);
  expect(wishes).toEqual([]);
  expect((await say(word, { origin: api?.url ?? '' })).status).toBe(204);
});

test('where there are keys, one that may operate is needed, and its name is noted', async () => {
  const keys = { from: 'secret', name: 'api', key: 'keys' } as const;
  const entry = (key: string, scopes: readonly string[]) => ({
    ...{ name: `${key}-team`, sha256: createHash('sha256').update(key).digest('hex'), scopes },
  });
  const list = JSON.stringify([entry('writer', ['read', 'write']), entry('chief', ['operate'])]);
  await start({ access: { keys }, env: { GROUNDSWELL_SECRET_API_KEYS: list } });
  expect((await say()).status).toBe(401);
  expect((await say(word, { authorization: 'Bearer writer' })).status).toBe(403);
  expect((await say(word, { authorization: 'Bearer chief' })).status).toBe(204);
  expect(logged).toContain('"caller":"key chief-team"');
});
