import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { topicsOfProgram } from '@groundswell/graph';
import { createLogger } from '@groundswell/process';
import type { Log, OutRecord } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import type { SocialEvent } from '@groundswell/wire';
import { encodeJson } from '@groundswell/wire';
import { Redis } from 'ioredis';
import { aWindow } from '../flink/a-window.ts';
import { quantile } from '../quantile.ts';
import { startKafka } from '../servers/kafka.ts';
import { say } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import { eventually, isReady, startPod } from '../stores/path/pods.ts';
import { createRandom, createZipf } from './windows/events.ts';

const usage = `How long an event takes from the moment that it is due until its window shows it in Redis: a real Kafka, a real Redis and one
worker, each in a process of its own, at fixed rates. A hundred events in a second are the first of their keys; Redis tells
when it is written. Afterwards the hashes are held against what was sent. Ends with one JSON object.

  --rates 1000,20000   events in a second
  --seconds 20         for each rate
`;
const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '1000,20000' },
    seconds: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});

/** A batch is due so often, ms, and one event of each is measured. */
const tickMs = 10;
/** The first seconds are not counted: the worker compiles what it runs. */
const warmSeconds = 3;
const partitions = 2;

const program = aWindow('fresh', {
  shape: { kind: 'hop', sizeMs: 3_600_000, everyMs: 60_000 },
  head: 'Sawtooth',
  emit: 'OnChange',
  sinks: [{ kind: 'hash', key: 'post:{post_id}' }],
});
const topic = program.input.topic.name;

const random = createRandom(7);
const post = createZipf(50_000, random);
const recordOf = (postId: string, at: number): OutRecord => {
  const event: SocialEvent = {
    ...{ id: `${postId}-${at}`, type: 'like', at, ingested_at: at, source: 'bench', post_id: postId },
    ...{ user_id: 'u', author_id: 'a', text: 'x'.repeat(100) },
  };
  return { key: postId, value: encodeJson(event) };
};

interface Measured {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Sends at a rate, whether or not what came before has been written. */
const measure = async (
  log: Log,
  told: Redis,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Measured> => {
  const due = new Map<string, number>();
  const latencies: number[] = [];
  const prefix = '__keyspace@0__:';
  const note = (_: string, channel: string): void => {
    const key = channel.slice(prefix.length);
    const since = due.get(key);
    if (since === undefined) return;
    due.delete(key);
    latencies.push(performance.now() - since);
  };
  told.on('pmessage', note);
  const producer = await log.producer();
  const sends: Promise<void>[] = [];
  const from = performance.now();
  const ticks = (seconds * 1_000) / tickMs;
  for (let tick = 0; tick < ticks; tick++) {
    const at = from + tick * tickMs;
    if (at > performance.now()) await wait(at - performance.now());
    const probe = `probe-${rate}-${tick}`;
    if (tick * tickMs >= warmSeconds * 1_000) due.set(`post:${probe}`, at);
    const others = (rate * tickMs) / 1_000 - 1;
    const now = Date.now();
    sends.push(
      producer.send(topic, [
        recordOf(probe, now),
        ...Array.from({ length: others }, () => recordOf(`p${post()}`, now)),
      ]),
    );
  }
  await Promise.all(sends);
  for (let waited = 0; due.size > 0; waited += 100) {
    if (waited > 60_000) throw new Error(`Cannot measure: ${due.size} events are not in Redis after a minute`);
    await wait(100);
  }
  told.off('pmessage', note);
  await producer.close();
  return { rate, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), most: quantile(latencies, 1) };
};

/** @throws Error where the hashes do not hold every event once */
const check = async (redis: Redis, sent: number): Promise<void> => {
  let held = 0;
  for await (const keys of redis.scanStream({ match: 'post:*', count: 10_000 }) as AsyncIterable<string[]>)
    for (const count of await Promise.all(keys.map((key) => redis.hget(key, 'events')))) held += Number(count);
  if (held !== sent) throw new Error(`Cannot tell latencies: ${held} events are in Redis, ${sent} were sent`);
};

const main = async (): Promise<void> => {
  const [rates, seconds] = [values.rates.split(',').map(Number), Number(values.seconds)];
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-latency-'));
  const [kafka, server] = [await startKafka(), await startRedis({ 'notify-keyspace-events': 'Kh' })];
  const [redis, told] = [new Redis(`redis://${server.address}`), new Redis(`redis://${server.address}`)];
  const { brokers } = kafka;
  const log = await createKafkaLog({ brokers, clientId: 'bench', logger: createLogger('bench', 'silent') });
  await log.createTopics(
    topicsOfProgram(program).map(({ name, compacted = false }) => ({ name, partitions, compacted })),
  );
  const pod = await startPod(program, { folder, brokers, redis: server.address });
  try {
    await eventually('the worker is ready', () => isReady(pod), { pods: [pod] });
    await told.psubscribe('__keyspace@0__:post:probe-*');
    const measured: Measured[] = [];
    for (const rate of rates) {
      say(`${rate} events/s for ${seconds} s`);
      measured.push(await measure(log, told, { rate, seconds }));
    }
    await check(
      redis,
      rates.reduce((sum, rate) => sum + rate * seconds, 0),
    );
    console.log('events/s   p50 ms   p99 ms   longest ms');
    for (const { rate, ...ms } of measured)
      console.log(String(rate).padEnd(8), ...[ms.p50, ms.p99, ms.most].map((each) => each.toFixed(1).padStart(8)));
    console.log(
      JSON.stringify({
        bench: 'latency',
        seconds,
        ...Object.fromEntries(measured.map(({ rate, ...ms }) => [rate, ms])),
      }),
    );
  } finally {
    await pod.kill();
    await log.close();
    for (const client of [redis, told]) client.disconnect();
    await server.stop();
    await kafka.stop();
    rmSync(folder, { recursive: true });
  }
};

if (values.help) console.log(usage);
else await main();
