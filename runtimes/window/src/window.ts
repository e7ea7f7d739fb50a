import { WindowProgram } from '@groundswell/graph';
import type { Health, Report, Running } from '@groundswell/process';
import type { Ports, Producer } from '@groundswell/stores';
import { totalOf } from '@groundswell/windowing';
import { openAssignment } from './assignment.ts';
import { definitionOf, encodeCheckpoint, sinksOf } from './checkpoint.ts';
import { liveChange } from './live.ts';
import { createWindowMetrics } from './metrics.ts';
import { startWorker, type WorkerParts } from './worker.ts';

/** Records of one step. */
const maxRecords = 20_000;

/** Reads, aggregates, publishes. One worker has all partitions; spreading them needs re-keying and split state. */
export const createWindow = async (
  initial: WindowProgram,
  ports: Ports,
  { producer, ...parts }: WorkerParts & { readonly producer: Producer },
): Promise<Running> => {
  let program = initial;
  let worker = await startWorker(program, ports, parts);
  let [records, results] = [0, 0];
  const metrics = createWindowMetrics(ports.metrics, program.window);
  metrics.begin(worker.windower);
  const assignment = await openAssignment(program, ports.log, {
    positions: () => worker.positions(),
    onPartitions: (partitions) => worker.windower.assign(partitions),
    onRegained: async () => {
      worker = await startWorker(program, ports, parts);
      metrics.begin(worker.windower);
      ports.logger.info({ window: program.window }, 'partitions came back, went on from the checkpoint');
    },
  });
  const { consumer } = assignment;
  const health = (): Health =>
    assignment.count() > 0
      ? { kind: 'ready' }
      : {
          kind: 'waiting',
          reason: 'NotAssigned',
          message: `Waits for the partitions of "${program.input.topic.name}"`,
        };
  const facts = () => ({ upserts: results, now: ports.clock.now() });

  return {
    name: program.name,
    step: async ({ maxWaitMs }) => {
      const batches = await consumer.poll({ maxRecords, maxWaitMs });
      await assignment.refusePart();
      const taken = worker.take(batches);
      records += taken;
      results += await worker.publish();
      metrics.observe(worker.windower, facts());
      return taken;
    },
    save: async () => {
      // Without its partitions, its state may be older than what their new owner saved.
      if (assignment.count() === 0) return;
      const positions = worker.positions();
      const bytes = encodeCheckpoint({
        definition: definitionOf(program),
        sinks: sinksOf(program),
        positions,
        snapshot: worker.windower.snapshot(),
      });
      await ports.checkpoints.save(program.name, bytes);
      const topic = program.input.topic.name;
      await consumer.commit([...positions].map(([partition, offset]) => ({ topic, partition, offset })));
      metrics.saved(bytes.length);
      metrics.tell(worker.windower, facts());
    },
    stop: async () => {
      await consumer.close();
      await producer.close();
    },
    update: async (changed) => {
      const next = WindowProgram.parse(changed);
      const change = liveChange(program, next);
      if (change === undefined) return false;
      change(worker.windower);
      program = next;
      return true;
    },
    health,
    report: (): Report => {
      const watermark = worker.windower.watermark();
      return {
        records,
        watermark: Number.isFinite(watermark) ? watermark : undefined,
        eventTime: worker.eventTime(),
        ledger: totalOf(worker.windower.ledger()),
        produced: { 'windows fired': results },
      };
    },
  };
};
