import type { WindowProgram } from '@groundswell/graph';
import { createLogger, createMetrics } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import { startWindow } from '@groundswell/window';
import { decodeJson, endOfTime, topicsOf, WindowResult, watermarkHeader } from '@groundswell/wire';
import { readLines } from '../load/windows/events.ts';
import { rowOf } from './rows.ts';

/** Events between two steps of the program. */
const perStep = 5_000;

/**
 * The rows that the production program writes to its topic, from the bytes of a file through an embedded log, each with
 * how often it comes: once, but that matches of a pattern may be alike. The end of the file ends time. What says that a
 * window became empty is left out, as Flink does not say it.
 */
export const ourRows = async (program: WindowProgram, path: string): Promise<Map<string, number>> => {
  const clock = { now: () => 0 };
  const logger = createLogger('test', 'silent');
  const { log, keyValue, checkpoints, states } = await createEmbeddedStores({ clock, logger });
  const ports: Ports = { log, keyValue, checkpoints, states, clock, logger, metrics: createMetrics() };
  const results = topicsOf(program.pipeline).results(program.window);
  const topics = [program.input.topic.name, results, topicsOf(program.pipeline).deadLetters];
  await log.createTopics(topics.map((name) => ({ name, partitions: 1 })));
  const producer = await log.producer();
  const running = await startWindow(program, ports);
  const reader = await log.consumer({ topics: [results], from: 'earliest' });
  const rows = new Map<string, number>();

  const flush = async (values: readonly (Uint8Array | null)[]): Promise<void> => {
    const headers = { [watermarkHeader]: String(endOfTime) };
    await producer.send(
      program.input.topic.name,
      values.map((value) => ({ value, partition: 0, ...(value === null && { headers }) })),
    );
    while ((await running.step({ maxWaitMs: 0 })) > 0);
    for (;;) {
      const batches = await reader.poll({ maxRecords: 100_000, maxWaitMs: 0 });
      if (batches.length === 0) return;
      for (const { value } of batches.flatMap(({ records }) => records)) {
        const result = WindowResult.parse(decodeJson(value ?? new Uint8Array()));
        if (result.values === null) continue;
        const row = rowOf(result);
        const before = rows.get(row) ?? 0;
        if (before > 0 && program.shape.kind !== 'pattern')
          throw new Error(`Cannot compare: the row ${row} comes twice`);
        rows.set(row, before + 1);
      }
    }
  };
  const batches: Uint8Array[][] = [[]];
  readLines(path, Number.POSITIVE_INFINITY, (line) => {
    if (batches.at(-1)?.length === perStep) batches.push([]);
    batches.at(-1)?.push(line);
  });
  for (const batch of batches) await flush(batch);
  await flush([null]);
  await running.stop();
  await log.close();
  return rows;
};
