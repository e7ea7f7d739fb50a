import { expect, onTestFinished, test } from 'vitest';
import { event, program } from '../../test/builders.ts';
import { startRig } from '../../test/rig.ts';

test('a post that was read is scored before more is waited for', async () => {
  const { running, send, predictions } = await startRig(program());
  onTestFinished(() => running.stop());
  await send([event('post', 'p', 1_000)]);
  await running.step({ maxWaitMs: 0 });
  // Waits for longer than this test may take, unless there is something to do.
  await running.step({ maxWaitMs: 600_000 });
  expect((await predictions()).map(({ post_id }) => post_id)).toEqual(['p']);
}, 5_000);
