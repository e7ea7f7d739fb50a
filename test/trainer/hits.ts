import type { TrainerProgram } from '@groundswell/graph';
import type { Log } from '@groundswell/stores';

export const first = { uri: 'pvc://old/first.onnx', sha256: '0'.repeat(64) };
export const program: TrainerProgram = {
  ...{ kind: 'trainer', name: 'trainer-hits', pipeline: 'news', revision: 'a-b', model: 'hits' },
  ...{ features: ['followers', 'reposts'], baselineFeatures: [], outcome: 'hit' },
  ...{ predictions: { name: 'news.predictions' }, outcomes: { name: 'news.outcomes' } },
  ...{ schedule: '@hourly', timeZone: 'UTC', maxRows: 1_000, agesMs: [0], holdout: 0.25, seed: 1 },
  algorithm: { type: 'LogisticRegression', params: {} },
  ...{ gates: [{ metric: 'Auc', min: 0.9 }], betterThanChampion: false },
  champion: { name: 'champion', artifact: first, positiveClass: 1 },
  publish: { claim: 'made', folder: 'all', keep: 2, proposeAs: { name: 'challenger', artifact: first } },
};

/** Posts of which those with many reposts are hits. */
export const send = async (log: Log, posts: number, begin = 0): Promise<void> => {
  const producer = await log.producer();
  const bytes = (value: object) => ({ value: new TextEncoder().encode(JSON.stringify(value)) });
  for (let i = begin; i < begin + posts; i++) {
    const [post_id, at, reposts] = [`p${i}`, i * 60_000, i % 10];
    const scored = { model: 'hits', variant: 'champion', trigger: 'age', age_ms: 0, post_id, user_id: 'u', score: 0.5 };
    const times = { posted_at: at, scored_at: at };
    const prediction = { ...scored, ...times, vector: [(i * 37) % 11, reposts] };
    const outcome = {
      outcome: 'hit',
      post_id,
      positive: reposts > 7,
      value: reposts,
      posted_at: at,
      matured_at: at + 1,
    };
    await producer.send(program.predictions.name, [{ key: post_id, ...bytes(prediction) }]);
    await producer.send(program.outcomes.name, [{ key: post_id, ...bytes(outcome) }]);
  }
  await producer.close();
};
