import { join } from 'node:path';
import { serveFetch } from '@groundswell/http';
import { loadPrograms } from '@groundswell/local';
import { createLogger, createMetrics, createValues, systemClock } from '@groundswell/process';
import { startRecommend } from '@groundswell/recommend';
import { startScorer } from '@groundswell/scorer';
import { createEmbeddedStores } from '@groundswell/stores';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { encodeEvent, type SocialEvent } from '@groundswell/wire';

// The recommender and the scorer of the example in one process, on the Redis of the first argument: what the second says is
// JSON of how many candidates there are. Prints where it listens.

const [address = '', json = '{}'] = process.argv.slice(2);
const { candidates, tags } = JSON.parse(json) as { readonly candidates: number; readonly tags: number };
const folder = join(import.meta.dirname, '..', '..', '..', 'examples', 'recommendations');

const logger = createLogger('bench', 'error');
const keyValue = await createRedisKeyValue({ nodes: [address], logger });
const stores = await createEmbeddedStores({ clock: systemClock, logger, dropsRead: false });
const ports = { ...stores, keyValue, clock: systemClock, logger, metrics: createMetrics(), alone: true };

const { programs } = await loadPrograms([folder], 'local');
const scoring = programs.find((program) => program.kind === 'scorer');
const recommending = programs.find((program) => program.kind === 'recommend');
if (scoring === undefined || recommending === undefined) throw new Error('the example has no model or no recommender');
const hot = { name: 'hot', limit: candidates, source: { kind: 'hot' as const, key: 'hot-articles' } };
const program = {
  ...recommending,
  candidates: [hot],
  coldStart: { ...recommending.coldStart, minEvents: 0 },
  // No answer is cut short: what takes long shall be seen.
  limits: { ...recommending.limits, candidates, topN: 50, timeoutMs: 60_000 },
};
const topics = [program.events, program.log, program.deadLetters, scoring.predictions, scoring.outcomes];
await stores.log.createTopics([...topics, scoring.deadLetters].map(({ name }) => ({ name, partitions: 1 })));
const scorer = await startScorer(scoring, ports, { directory: folder });
const recommender = await startRecommend(program, ports, {
  values: createValues({ directories: [folder], env: {} }),
  scoreItems: (request, timeoutMs) => {
    const startedAt = performance.now();
    return scorer.score(request, { startedAt, deadline: startedAt + timeoutMs });
  },
});

const producer = await stores.log.producer();
const now = Date.now();
const items = Array.from({ length: candidates }, (_, i): SocialEvent => {
  const post = { id: `item-${i}`, type: 'post' as const, at: now - i * 60_000, ingested_at: now, source: 'bench' };
  const by = { post_id: `item-${i}`, user_id: `author-${i % 40}`, author_id: `author-${i % 40}` };
  return { ...post, ...by, text: 'A title of some words', tags: [`tag-${i % tags}`, `tag-${(i * 7) % tags}`] };
});
await producer.send(
  program.events.name,
  items.map((event) => ({ key: event.post_id, value: encodeEvent(event), timestamp: event.at })),
);
while ((await recommender.step({ maxWaitMs: 50 })) > 0);
const batch = keyValue.batch();
for (const [i, { post_id }] of items.entries()) {
  batch.hashSet(`article-1h:${post_id}`, { clicks: String(candidates - i) });
  batch.sortedAdd('hot-articles', [{ member: post_id, score: candidates - i }]);
}
await batch.run();
const { url } = await serveFetch(recommender.door, { host: '127.0.0.1', port: 0 });
process.stdout.write(`${url}\n`);
