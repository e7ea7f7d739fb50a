import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import { createLogger, createMetrics, type Running, systemClock } from '@groundswell/process';
import {
  createMemoryCheckpoints,
  createMemoryKeyValue,
  createMemoryLog,
  createMemoryStates,
  type Log,
  type Ports,
} from '@groundswell/stores';
import { startTrainer } from '@groundswell/trainer';
import { afterAll, expect, test } from 'vitest';
import { program, send } from './hits.ts';
import { removeTemporary, temporary } from './hours.ts';

const { claim: _, proposeAs: __, ...publish } = program.publish;
const trained: TrainerProgram = {
  ...{ ...program, publish },
  algorithm: { type: 'XGBoost', params: { trees: 20, earlyStopping: 0 } },
};

const open = async (): Promise<{ ports: Ports; dataDirectory: string }> => {
  const clock = systemClock;
  const log = createMemoryLog({ clock });
  await log.createTopics([trained.predictions, trained.outcomes].map(({ name }) => ({ name, partitions: 1 })));
  const stores = { checkpoints: createMemoryCheckpoints(), states: createMemoryStates() };
  const keyValue = createMemoryKeyValue({ clock });
  const logger = createLogger('test', process.env['LOG_LEVEL'] ?? 'silent');
  return { ports: { log, keyValue, ...stores, clock, logger, metrics: createMetrics() }, dataDirectory: temporary() };
};
const start = ({ ports, dataDirectory }: Awaited<ReturnType<typeof open>>, waits: boolean) =>
  startTrainer(trained, ports, { directory: dataDirectory, dataDirectory, waits });

/** Posts of a minute each; the next full hour is that of the post 420. */
const reachHour = async (log: Log, running: Running): Promise<void> => {
  await send(log, 400);
  await running.step({ maxWaitMs: 0 });
  await send(log, 60, 400);
  await running.step({ maxWaitMs: 0 });
  expect(running.report().produced['training runs']).toBe(1);
};

const cardIn = (dataDirectory: string) => {
  const folder = join(dataDirectory, publish.folder, trained.model);
  const [run = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return { run, card: JSON.parse(readFileSync(join(folder, run, 'card.json'), 'utf8')) };
};

afterAll(removeTemporary);

test('a run that was cut off is done again at the next start, on the rows that it had, and gives the same model', async () => {
  const whole = await open();
  const one = await start(whole, true);
  await reachHour(whole.ports.log, one);
  await one.stop();

  const cut = await open();
  const two = await start(cut, false);
  await reachHour(cut.ports.log, two);
  await two.save();
  // Python is killed before it has trained.
  await two.stop();
  expect(two.report().produced['models published']).toBe(0);
  await send(cut.ports.log, 100, 460);
  const three = await start(cut, true);
  await three.step({ maxWaitMs: 0 });
  expect(three.report().produced).toMatchObject({ 'training runs': 1, 'models published': 1 });
  await three.stop();

  const [expected, again] = [cardIn(whole.dataDirectory), cardIn(cut.dataDirectory)];
  expect(again.card.rows).toBe(460);
  expect(again).toEqual(expected);
  expect(readdirSync(join(cut.dataDirectory, 'training', trained.model, 'runs'))).toEqual([]);
});
