import { RolloutProgram } from '@groundswell/graph';
import { createLogger, type Running } from '@groundswell/process';
import { expect, test } from 'vitest';
import { createRunner } from './runner.ts';

const challenger = 'cd'.repeat(32);
const rollout = RolloutProgram.parse({
  ...{ kind: 'rollout', name: 'rollout-virality', pipeline: 'demo', revision: 'r1', model: 'virality' },
  predictions: { name: 'demo.predictions' },
  outcomes: { name: 'demo.outcomes' },
  deadLetters: { name: 'demo.dead-letters' },
  decisions: { name: 'demo.decisions' },
  ...{ outcome: { name: 'viral', maturityMs: 1 }, agesMs: [0], routingKey: 'post_id' },
  champion: { name: 'champion', sha256: 'ab'.repeat(32) },
  challenger: { name: 'challenger', sha256: challenger },
  ...{ percent: 100, steps: [{ kind: 'pause' }], autoPromote: false, abort: false, rollbackWindowMs: 0 },
  policy: { metric: 'Auc', alpha: 0.05, minEffect: 0, margin: 0.005, minLabels: 10, splitAlpha: 0.001 },
  guardrails: { maxErrors: 1, maxCalibrationError: 1, maxScorePsi: 1 },
  fresh: [],
});

/** Runs a rollout that does nothing but note what it is told. */
const createScene = async () => {
  const told: RolloutProgram[] = [];
  const running: Running = {
    name: rollout.name,
    step: async () => 0,
    save: async () => undefined,
    stop: async () => undefined,
    update: async (program) => {
      told.push(RolloutProgram.parse(program));
      return true;
    },
    health: () => ({ kind: 'ready' }),
    report: () => ({ records: 0, watermark: undefined, eventTime: undefined, produced: {} }),
  };
  const runner = await createRunner([rollout], {
    start: async () => running,
    commit: async () => undefined,
    logger: createLogger('test', 'silent'),
  });
  await runner.cycle(0);
  told.length = 0;
  return { runner, told };
};

test("a person's word reaches the rollout of its model after the next cycle, once", async () => {
  const { runner, told } = await createScene();
  runner.say('virality', { promote: `${challenger}@1` });
  expect(told).toEqual([]);
  await runner.cycle(0);
  await runner.cycle(0);
  expect(told).toEqual([{ ...rollout, promote: `${challenger}@1` }]);
});

test('what was given up is a digest: the next challenger is not', async () => {
  const { runner, told } = await createScene();
  runner.say('virality', { abort: challenger });
  await runner.cycle(0);
  expect(told.at(-1)?.abort).toBe(true);
  await runner.update([{ ...rollout, revision: 'r2', challenger: { name: 'challenger', sha256: 'ee'.repeat(32) } }]);
  expect(told.at(-1)?.abort).toBe(false);
});
