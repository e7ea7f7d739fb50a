import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { asked, createWorld, drain, hour, postsOf, program } from './test/world.ts';

describe('a rollout program', () => {
  test('lets the challenger score as a shadow, gives it its share, and promotes it when the labels say that it is better', async () => {
    const world = await createWorld();
    const running = await world.start();
    const phases = new Set<string>();
    await world.play(postsOf(4000, 0.5), {
      share: asked(running),
      step: async () => {
        await drain(running);
        const status = await world.status();
        phases.add(`${status?.phase} ${status?.challenger.share}`);
      },
    });
    expect([...phases]).toEqual(['Waiting 0', 'Waiting 20', 'Promoted 100']);
    const status = await world.status();
    expect(status).toMatchObject({ phase: 'Promoted', step: 3, verdict: { state: 'Better', metric: 'Auc' } });
    expect(status?.challenger.auc).toBeGreaterThan(status?.champion.auc ?? 1);
    expect(running.report().demand).toEqual({
      model: 'virality',
      challenger: status?.challenger.sha256,
      shares: { champion: 0, challenger: 100 },
      compared: false,
      retired: ['champion'],
    });
  });

  test('gives everything back to the champion when the challenger is worse, and does not try that artifact again', async () => {
    const world = await createWorld();
    const running = await world.start();
    await world.play(postsOf(4000, -0.2), { share: asked(running), step: () => drain(running) });
    expect(await world.status()).toMatchObject({
      phase: 'Aborted',
      verdict: { state: 'Worse' },
      challenger: { share: 0 },
    });
    expect(running.report().demand).toMatchObject({ shares: { champion: 100, challenger: 0 }, compared: false });
    await running.save();
    const again = await world.start();
    await world.play(postsOf(200, 0.5), { from: 4000, step: () => drain(again) });
    expect(await world.status()).toMatchObject({ phase: 'Aborted' });
  });

  test('promotes no challenger that says the same in other words', async () => {
    const world = await createWorld();
    const running = await world.start();
    await world.play(postsOf(4000, 0.15), { share: asked(running), step: () => drain(running) });
    expect(await world.status()).toMatchObject({
      phase: 'Waiting',
      challenger: { share: 20 },
      verdict: { labels: 2560 },
    });
  });

  test('says who got what before there are labels, and when a verdict can be expected once there are', async () => {
    const world = await createWorld();
    const running = await world.start(program({ policy: { ...program().policy, minLabels: 5000 } }));
    await world.play(postsOf(1000, 0.5), { share: () => 20, step: () => drain(running) });
    expect(await world.status()).toMatchObject({
      verdict: { state: 'Collecting', labels: 0, labelsNeeded: null, expectedAt: null },
      waiting: 1000,
    });
    await world.play(postsOf(2000, 0.5), { from: 1000, share: () => 20, step: () => drain(running) });
    const status = await world.status();
    expect(status?.verdict).toMatchObject({ state: 'Collecting', labelsNeeded: 5000 });
    expect(status?.verdict.expectedAt).toBeGreaterThan(status?.at ?? Infinity);
  });

  test('finds that keys do not get the share that was declared', async () => {
    const world = await createWorld();
    const running = await world.start();
    await world.play(postsOf(3000, 0.5), { share: () => 5, step: () => drain(running) });
    expect(await world.status()).toMatchObject({
      phase: 'Waiting',
      verdict: { state: 'SplitWrong', reason: expect.stringContaining('were declared; find out who is missing') },
    });
  });

  test('waits for windows that are behind', async () => {
    const world = await createWorld();
    const running = await world.start(program({ fresh: [{ window: 'post-10m', maxStalenessMs: hour }] }));
    const step = () => drain(running);
    await world.play(postsOf(200, 0.5), { step });
    expect(await world.status()).toMatchObject({ step: 0, doing: 'Waits until a fresh window "post-10m" hold' });
    const batch = world.ports.keyValue.batch();
    batch.hashSet('gs:demo:watermarks:post-10m', { 0: String(10 * hour) });
    await batch.run();
    await world.play(postsOf(100, 0.5), { from: 200, step });
    expect(await world.status()).toMatchObject({ step: 2 });
  });

  test('goes on after a restart as if nothing had happened', async () => {
    const posts = postsOf(4000, 0.25);
    const [whole, broken] = [await createWorld(), await createWorld()];
    const running = await whole.start();
    await whole.play(posts, { share: asked(running), step: () => drain(running) });

    let current = await broken.start();
    let steps = 0;
    const step = async () => {
      await drain(current);
      if (++steps % 7 !== 0) return;
      await current.save();
      await current.stop();
      current = await broken.start();
    };
    await broken.play(posts, { share: () => asked(current)(), step });
    expect(await broken.status()).toEqual(await whole.status());
  });

  test('records each decision with all that led to it, so that it can be made again', async () => {
    const world = await createWorld();
    const running = await world.start();
    await world.play(postsOf(4000, 0.5), { share: asked(running), step: () => drain(running) });
    const decisions = (await world.read('demo.decisions')) as {
      program: Parameters<typeof decide>[0];
      from: Parameters<typeof decide>[1] | null;
      evidence: Parameters<typeof decide>[2]['evidence'];
      facts: Parameters<typeof decide>[2]['facts'];
      status: { phase: string; step: number; verdict: { state: string; evidence: number } };
    }[];
    expect(decisions.length).toBeGreaterThanOrEqual(3);
    for (const { program: of, from, evidence, facts, status } of decisions) {
      const { state, verdict } = decide(of, from ?? undefined, { evidence, facts });
      expect({ phase: state.phase, step: state.step }).toEqual({ phase: status.phase, step: status.step });
      expect(verdict).toMatchObject({ state: status.verdict.state, evidence: status.verdict.evidence });
    }
  });

  test('puts what it cannot read aside, and goes on', async () => {
    const world = await createWorld();
    const running = await world.start();
    await world.send('demo.predictions', [{ model: 'virality' }]);
    await world.send('demo.outcomes', [{ nothing: true }]);
    await world.send('demo.predictions', [world.prediction({ scored_at: 5 })]);
    await drain(running);
    expect(await world.read('demo.dead-letters')).toMatchObject([
      { origin: 'demo.predictions/0', group: 'rollout-virality' },
      { origin: 'demo.outcomes/0' },
    ]);
    expect(await world.status()).toMatchObject({ phase: 'Waiting', step: 0 });
  });

  test('begins anew with another artifact, live, and keeps to what a person says', async () => {
    const world = await createWorld();
    const first = program({
      steps: [{ kind: 'pause' }, { kind: 'share', percent: 50 }, { kind: 'pause' }],
      autoPromote: false,
    });
    const running = await world.start(first);
    const step = () => drain(running);
    await world.play(postsOf(100, 0.5), { step });
    expect(await world.status()).toMatchObject({ step: 0, doing: 'Waits for a person to promote' });
    expect(await running.update({ ...first, promote: 'now' })).toBe(true);
    await step();
    expect(await world.status()).toMatchObject({ step: 2, challenger: { share: 50 } });
    await world.play(postsOf(100, 0.5), { from: 100, step });
    expect(await world.status()).toMatchObject({ step: 2, challenger: { share: 50 } });
    expect(await running.update({ ...first, promote: 'now', challenger: { name: 'challenger', sha256: 'cc' } })).toBe(
      true,
    );
    await world.play(postsOf(100, 0.5), { from: 200, step });
    expect(await world.status()).toMatchObject({ step: 0, challenger: { share: 0, sha256: 'cc' } });
    expect(await running.update({ ...first, abort: true })).toBe(true);
    await step();
    expect(await world.status()).toMatchObject({ phase: 'Aborted', doing: 'Aborted by the resource' });
  });
});
