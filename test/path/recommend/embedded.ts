import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { loadPrograms } from '@groundswell/local';
import { contentOf, RecommendationRecord, Recommendations, topicsOf } from '@groundswell/wire';
import { runEmbedded } from '../run-embedded.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'examples', 'recommendations');

/** The example, running in this process, as its users see it. */
export const startExample = async () => {
  const { programs } = await loadPrograms([folder], 'local');
  const { pipeline, stop } = await runEmbedded(programs, { directory: folder });
  const log = await pipeline.stores.log.consumer({
    topics: [topicsOf('magazine').recommendations('articles')],
    from: 'earliest',
  });
  const records: RecommendationRecord[] = [];
  const url = pipeline.url() ?? '';
  const send = (method: string, path: string, body: string, headers = {}): Promise<Response> =>
    fetch(`${url}${path}`, { method, body, headers: { 'content-type': 'application/json', ...headers } });
  const push = async (lines: string): Promise<void> => {
    const headers = { 'content-type': 'application/x-ndjson', 'x-api-key': 'demo' };
    const answer = await send('POST', '/v1/events', lines, headers);
    if (answer.status !== 200) throw new Error(`events: ${answer.status} ${await answer.text()}`);
  };
  return {
    send,
    articles: () => push(readFileSync(join(folder, 'articles.jsonl'), 'utf8')),
    act: (type: string, user_id: string, post_id: string, tags: readonly string[] = []) =>
      push(JSON.stringify({ type, user_id, post_id, author_id: 'somebody', tags })),
    recommend: async (body: object): Promise<Recommendations> => {
      const answer = await send('POST', '/v1/recommend', JSON.stringify(body));
      if (answer.status !== 200) throw new Error(`recommend: ${answer.status} ${await answer.text()}`);
      return Recommendations.parse(await answer.json());
    },
    /** All that was logged so far. */
    logged: async (): Promise<readonly RecommendationRecord[]> => {
      for (const { records: read } of await log.poll({ maxRecords: 1_000, maxWaitMs: 0 }))
        for (const record of read) records.push(RecommendationRecord.parse(contentOf(record)));
      return records;
    },
    stop: async (): Promise<void> => {
      await log.close();
      await stop();
    },
  };
};

/** Asks until it is so; the time limit of the test ends it. */
export const until = async <T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await wait(20);
  }
};
