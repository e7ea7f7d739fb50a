import { type Alert, Alerts, keysOf, Problem } from '@groundswell/wire';
import { expect, onTestFinished, test } from 'vitest';
import { startApi } from './start.ts';
import { address, createPorts, program, status } from './test/world.ts';

const alert = (i: number): Alert => ({
  ...{ id: `a${i}`, rule: 'hot', severity: 'Warning', state: 'firing', key: `p${i}`, model: 'virality' },
  ...{ variant: 'champion', post_id: `p${i}`, author_id: 'a1', score: 0.9, posted_at: 0, scored_at: 60_000 },
  ...{ age_ms: 60_000, fired_at: 1_000 + i, title: `p${i} is hot`, text: '' },
});

const serve = async () => {
  const ports = await createPorts();
  const keys = keysOf('demo');
  const batch = ports.keyValue.batch();
  for (let i = 1; i <= 5; i++) {
    const sent = { channel: 'desk', state: 'sent', at: 2_000, attempts: 1 };
    const failed = { channel: 'hook', state: 'failed', at: 2_000, attempts: 9, problem: 'answered 503' };
    batch.hashSet(keys.alert(`a${i}`), {
      ...{
        alert: JSON.stringify(alert(i)),
        'channel:hook': JSON.stringify(failed),
        'channel:desk': JSON.stringify(sent),
      },
      ...(i === 5 && { ended: '3000' }),
    });
    batch.sortedAdd(keys.alerts, [{ member: `a${i}`, score: 1_000 + i }]);
  }
  await batch.run();
  const api = await startApi(program(), ports, { ...address, status: () => status });
  onTestFinished(() => api.stop());
  return (path: string) => fetch(`${api.url}${path}`);
};

test('alerts are listed newest first, each with what became of it, page by page', async () => {
  const get = await serve();
  const first = Alerts.parse(await (await get('/v1/alerts?limit=2')).json());
  expect(first.alerts.map(({ id, state }) => `${id} ${state}`)).toEqual(['a5 ended', 'a4 firing']);
  expect(first.alerts[0]).toMatchObject({ ended_at: 3_000, deliveries: [{ channel: 'desk' }, { channel: 'hook' }] });
  const second = Alerts.parse(await (await get(`/v1/alerts?limit=2&after=${first.next}`)).json());
  expect(second.alerts.map(({ id }) => id)).toEqual(['a3', 'a2']);
  const last = Alerts.parse(await (await get(`/v1/alerts?limit=2&after=${second.next}`)).json());
  expect(last).toMatchObject({ alerts: [{ id: 'a1' }] });
  expect(last.next).toBeUndefined();
});

test('a page after an alert that is gone is refused with the reason', async () => {
  const get = await serve();
  const response = await get('/v1/alerts?after=a9');
  expect(response.status).toBe(400);
  expect(Problem.parse(await response.json()).detail).toContain('there is no such alert');
});
