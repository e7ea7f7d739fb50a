import { compile, parseFiles, RecommendProgram, resolve } from '@groundswell/graph';
import type { ScoreItems } from '@groundswell/pod';
import { createLogger, createMetrics, createValues } from '@groundswell/process';
import { createEmbeddedStores } from '@groundswell/stores';
import { contentOf, eventRecord, RecommendationRecord, Recommendations, type SocialEvent } from '@groundswell/wire';
import { startRecommend } from '../src/index.ts';

const logger = createLogger('test', 'silent');

/** The program of a Recommender "shop" with these lines in its spec, ranked by a model "likes"; its stores as given. */
export const programOf = (fields: string, stores = ''): RecommendProgram => {
  const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: sky, bluesky: {} }]
  api: {}
${stores}
---
apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata: { name: likes }
spec:
  pipelineRef: { name: news }
  features: [{ name: age, expression: age }]
  variants: [{ name: champion, share: 100, artifact: { uri: ./m.onnx, sha256: "${'0'.repeat(64)}" } }]
  routing: { key: user_id }
---
apiVersion: groundswell.dev/v1alpha1
kind: Recommender
metadata: { name: shop }
spec:
  pipelineRef: { name: news }
${fields}
`;
  const { resources, problems } = parseFiles([{ path: 'shop.yaml', text }]);
  const compiled = compile(resolve(resources), { target: 'local' });
  const program = compiled.programs.find((one) => one.kind === 'recommend');
  if (program === undefined) throw new Error(JSON.stringify([problems, compiled.problems]));
  return RecommendProgram.parse(program);
};

/** A Recommender on stores in memory, whose model gives each item the score that `scoreOf` says. Time goes on when the test says so. */
export const startRig = async (
  program: RecommendProgram,
  scoreOf: (event: Pick<SocialEvent, 'post_id' | 'user_id'>) => number,
) => {
  let now = Date.UTC(2026, 0, 1, 12, 30);
  const clock = { now: () => now };
  const stores = await createEmbeddedStores({ clock, logger, dropsRead: false });
  const { events, log, deadLetters } = program;
  await stores.log.createTopics([events, log, deadLetters].map(({ name }) => ({ name, partitions: 1 })));
  const scoreItems: ScoreItems = async ({ model, at = now, events: asked = [] }) => ({
    ...{ model, at },
    scores: asked.map((event) => ({
      ...{ post_id: event.post_id, score: scoreOf(event), variant: 'champion', vector: [] },
    })),
  });
  const ports = { ...stores, clock, logger, metrics: createMetrics(), alone: true };
  const values = createValues({ directories: [], env: {} });
  const running = await startRecommend(program, ports, { scoreItems, values, random: () => 0.5 });
  const producer = await stores.log.producer();
  const logged = await stores.log.consumer({ topics: [log.name], from: 'earliest' });
  const event = (type: SocialEvent['type'], user_id: string, post_id: string): SocialEvent => ({
    ...{ id: `${type} ${user_id} ${post_id} ${now}`, type, at: now, ingested_at: now, source: 'test' },
    ...{ user_id, post_id, author_id: 'author' },
  });
  const step = async (): Promise<void> => {
    while ((await running.step({ maxWaitMs: 0 })) > 0);
  };
  return {
    running,
    keyValue: stores.keyValue,
    step,
    pass: (ms: number): void => {
      now += ms;
    },
    /** Says what happened just now: kind, user and item of each event. */
    tell: async (...happened: readonly (readonly [SocialEvent['type'], string, string])[]): Promise<void> => {
      const told = happened.map(([type, user, item]) => event(type, user, item));
      await producer.send(
        events.name,
        told.map((one) => eventRecord(one.post_id, one)),
      );
      await step();
    },
    recommend: async (body: object): Promise<Recommendations> => {
      const request = new Request('http://shop/v1/recommend', { method: 'POST', body: JSON.stringify(body) });
      const answer = await running.door(request);
      if (answer.status !== 200) throw new Error(`recommend: ${answer.status} ${await answer.text()}`);
      return Recommendations.parse(await answer.json());
    },
    records: async (): Promise<readonly RecommendationRecord[]> =>
      (await logged.poll({ maxRecords: 10_000, maxWaitMs: 0 })).flatMap(({ records }) =>
        records.map((record) => RecommendationRecord.parse(contentOf(record))),
      ),
  };
};
