import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { type Running, runUntilStopped } from './running.ts';

const quiet = createLogger('test', 'silent');

/** A program that notes what is done to it, and stops its loop or fails at a given step. */
const programOf = (abort: AbortController, { stopAt = 3, failAt = Number.POSITIVE_INFINITY } = {}) => {
  const calls: string[] = [];
  let steps = 0;
  const running: Running = {
    name: 'program',
    step: async () => {
      calls.push('step');
      steps++;
      if (steps === failAt) throw new Error('broken');
      if (steps === stopAt) abort.abort();
      return 1;
    },
    save: async () => void calls.push('save'),
    stop: async () => void calls.push('stop'),
    update: async () => true,
    health: () => ({ kind: 'ready' }),
    report: () => ({ records: steps, watermark: undefined, eventTime: undefined, produced: {} }),
  };
  return { running, calls };
};

test('a program steps until the signal, then saves, then stops', async () => {
  const abort = new AbortController();
  const { running, calls } = programOf(abort);
  await runUntilStopped(running, { log: quiet, signal: abort.signal, saveEveryMs: 1_000, now: () => 0 });
  expect(calls).toEqual(['step', 'step', 'step', 'save', 'stop']);
});

test('a program saves whenever the time has passed', async () => {
  const abort = new AbortController();
  const { running, calls } = programOf(abort);
  let now = 0;
  const between = async () => {
    now += 600;
  };
  await runUntilStopped(running, { log: quiet, signal: abort.signal, saveEveryMs: 1_000, now: () => now, between });
  expect(calls).toEqual(['step', 'step', 'save', 'step', 'save', 'stop']);
});

test('after a failed step nothing is saved, and the error ends the loop', async () => {
  const abort = new AbortController();
  const { running, calls } = programOf(abort, { failAt: 2 });
  const loop = runUntilStopped(running, { log: quiet, signal: abort.signal, saveEveryMs: 1_000, now: () => 0 });
  await expect(loop).rejects.toThrow('broken');
  expect(calls).toEqual(['step', 'step', 'stop']);
});

test('a changed program is taken between steps', async () => {
  const abort = new AbortController();
  const { running, calls } = programOf(abort, { stopAt: 2 });
  const between = async () => void calls.push('between');
  await runUntilStopped(running, { log: quiet, signal: abort.signal, saveEveryMs: 1_000, now: () => 0, between });
  expect(calls).toEqual(['step', 'between', 'step', 'between', 'save', 'stop']);
});

test('secrets never reach the log', () => {
  const lines: string[] = [];
  const to = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  createLogger('test', 'info', to).info(
    { password: 'hunter2', kafka: { password: 'hunter2', token: 't0ken' } },
    'connected',
  );
  expect(lines.join('')).toContain('connected');
  expect(lines.join('')).not.toMatch(/hunter2|t0ken/);
});
