import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestsOf, writesOf } from './audit.ts';
import { atRest, changeOneOfEach, fill, lookedAt } from './scale.ts';
import { eventually, startWorld, type World } from './world.ts';

// How long it takes, and what it costs, with a thousand windows: make bench-operator.

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const fleet = { pipelines: 6, windows: 4 };
const flags = { 'leader-election': 'false' };
const writes = () => writesOf(requestsOf(world.plane.auditLog));

test('who starts again looks at everything, and writes nothing', async () => {
  const maker = await world.operator(flags);
  await fill(world, fleet);
  expect(await maker.terminate()).toBe(0);
  const before = writes().length;
  const operator = await world.operator(flags);
  await eventually('it leads', async () => operator.lines(), {
    isSo: (lines) => lines.some(({ msg }) => msg === 'knows the cluster'),
  });
  await lookedAt(operator, fleet.pipelines);
  expect(writes().slice(before)).toEqual([]);

  // A live change of a window: its ConfigMap and its status, and no pod is ever missing.
  await changeOneOfEach(world, fleet, 7);
  const changed = () => writes().slice(before);
  const count = 2 * fleet.pipelines;
  await eventually('all changes are written', async () => changed(), { isSo: (seen) => seen.length >= count });
  await atRest(operator, 2_000);
  const written = changed().map(({ objectRef }) => objectRef?.resource);
  const times = (resource: string) => written.filter((one) => one === resource).length;
  expect(new Set(written)).toEqual(new Set(['configmaps', 'featurewindows']));
  expect(times('configmaps')).toBe(fleet.pipelines);
  // A status may be written in two steps, where the acknowledgement comes later than the rest.
  expect(times('featurewindows')).toBeGreaterThanOrEqual(fleet.pipelines);
  expect(times('featurewindows')).toBeLessThanOrEqual(2 * fleet.pipelines);
});
