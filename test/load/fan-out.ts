import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { ensureProgram, say } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import { startOurs } from './fan-out/ours.ts';
import { author, checkFollowers, makeFollowers, timelineOf } from './fan-out/world.ts';

const usage = `How fast a post reaches the timelines of followers on a real Redis: a loop that awaits one push at a time, the
feed program, and redis-benchmark -P 100 lpush as the limit; in turn, and each timeline is looked at afterwards.
  --most 1000000     followers of the largest account
`;
const { values } = parseArgs({
  options: { most: { type: 'string', default: '1000000' }, help: { type: 'boolean', default: false } },
});

/** Followers, and posts of ours in one measurement: the median of them counts. */
const sizes = [
  { followers: 3, posts: 101 },
  { followers: 100, posts: 51 },
  { followers: 1_000, posts: 31 },
  { followers: 10_000, posts: 15 },
  { followers: 1_000_000, posts: 3 },
];

/** The naive loop goes so far; beyond, its time is taken in proportion. */
const mostNaive = 10_000;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

interface Limit {
  /** Pushes in a second. */
  readonly rate: number;
  /** CPU of the server for one, µs. */
  readonly serverUs: number;
}

const pushes = 500_000;

/** Pushes each to one of so many lists. */
const limitOf = async (redis: Redis, address: string, lists: number): Promise<Limit> => {
  const before = await serverCpu(redis);
  const rate = runBenchmark(address, lists);
  return { rate, serverUs: ((await serverCpu(redis)) - before) * (1e6 / pushes) };
};

const runBenchmark = (address: string, lists: number): number => {
  const [host = '', port = ''] = address.split(':');
  const value = `${2 ** 52}:${author}`;
  const many = lists > 1 ? ['-r', String(lists), 'lpush', 'limit:__rand_int__', value] : ['lpush', 'limit', value];
  const words = ['-h', host, '-p', port, '-P', '100', '-n', String(pushes), '--csv', ...many];
  const command = ensureProgram('redis-benchmark', 'redis-tools', 'install it');
  const out = execFileSync(command, words, { encoding: 'utf8' });
  return Number(/^"lpush[^"]*","([\d.]+)"/m.exec(out)?.[1]);
};

/** CPU seconds that the server has used. */
const serverCpu = async (redis: Redis): Promise<number> => {
  const info = await redis.info('cpu');
  const of = (field: string): number => Number(new RegExp(`${field}:([\\d.]+)`).exec(info)?.[1]);
  return of('used_cpu_sys') + of('used_cpu_user');
};

const naive = async (redis: Redis, followers: number): Promise<number> => {
  const pushed = Math.min(followers, mostNaive);
  const ms = await timed(async () => {
    for (let i = 0; i < pushed; i++) await redis.lpush(timelineOf(i), `${2 ** 51}:${author}`);
  });
  return (ms * followers) / pushed;
};

let nextPost = 2 ** 52;

const measure = async (redis: Redis, address: string, { followers, posts }: (typeof sizes)[number]) => {
  await makeFollowers(redis, followers);
  const naiveMs = [await naive(redis, followers)];
  const ours = await startOurs(address);
  const ids = Array.from({ length: posts }, () => String(nextPost++));
  const [first = ''] = ids;
  // What the first one compiles and loads is no part of it.
  await ours.post(first);
  const limits = [await limitOf(redis, address, 1)];
  const [cpu, server] = [process.cpuUsage(), await serverCpu(redis)];
  const times: number[] = [];
  for (const id of ids.slice(1)) times.push(await timed(() => ours.post(id)));
  const used = process.cpuUsage(cpu);
  const deliveries = followers * (posts - 1);
  const workerUs = (used.user + used.system) / deliveries;
  const serverUs = ((await serverCpu(redis)) - server) * (1e6 / deliveries);
  limits.push(await limitOf(redis, address, 1));
  const spread = await limitOf(redis, address, 100_000);
  naiveMs.push(await naive(redis, followers));
  await ours.save();
  await checkFollowers(redis, followers, ids);
  await ours.stop();
  const oursMs = median(times);
  const rate = (followers / oursMs) * 1_000;
  const limit = median(limits.map((each) => each.rate));
  const limitUs = median(limits.map((each) => each.serverUs));
  return {
    ...{ followers, naiveMs: Math.min(...naiveMs), oursMs, rate, limit, limitUs, workerUs, serverUs },
    ofLimit: rate / limit,
    ofSpread: rate / spread.rate,
    // What other load on the machine changes less than the rates.
    ofLimitCpu: limitUs / serverUs,
    ofSpreadCpu: spread.serverUs / serverUs,
    timesNaive: Math.min(...naiveMs) / oursMs,
  };
};

type Measured = Awaited<ReturnType<typeof measure>>;

const rounded = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });

const rowOf = (row: Measured): readonly string[] => [
  row.followers.toLocaleString('en'),
  `${rounded(row.naiveMs)}${row.followers > mostNaive ? ' *' : ''}`,
  rounded(row.oursMs),
  `${rounded(row.timesNaive)}×`,
  `${rounded(row.rate / 1_000)} k`,
  `${rounded(row.limit / 1_000)} k`,
  `${rounded(row.ofLimit * 100)} %`,
  `${rounded(row.ofSpread * 100)} %`,
  row.workerUs.toFixed(2),
  row.serverUs.toFixed(2),
  `${rounded(row.ofLimitCpu * 100)} %`,
  `${rounded(row.ofSpreadCpu * 100)} %`,
];

const head = [
  ...['followers', 'naive ms', 'ours ms', 'ratio', 'ours/s', 'lpush/s', 'of lpush', 'of lpush, 100 k lists'],
  ...['worker µs', 'Redis µs', 'lpush µs / Redis µs', 'the same, 100 k lists'],
];

const print = (rows: readonly Measured[]): void => {
  const cells = [head, ...rows.map(rowOf)];
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  for (const row of cells) console.log(row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '));
  console.log('* in proportion to 10,000; µs are CPU for a delivery');
};

/** What an account with 100 million followers takes, in seconds, from the largest account that was measured. */
const hundredMillion = ({ rate, workerUs, serverUs }: Measured) => ({
  oneWorker: Math.round(1e8 / rate),
  // One Redis is the limit then, and each further node of a cluster takes its part of the shards.
  tenWorkersOneRedis: Math.round(1e8 / Math.min(10 * rate, 1e6 / serverUs)),
  tenWorkersTenNodes: Math.round(1e8 / Math.min(10 * rate, 10 * (1e6 / Math.max(serverUs, workerUs)))),
});

const main = async (): Promise<void> => {
  const server = await startRedis();
  const redis = new Redis(`redis://${server.address}`);
  try {
    const rows: Measured[] = [];
    for (const size of sizes.filter(({ followers }) => followers <= Number(values.most))) {
      say(`${size.followers} followers`);
      rows.push(await measure(redis, server.address, size));
    }
    print(rows);
    const last = rows.at(-1);
    const seconds = last && hundredMillion(last);
    if (seconds !== undefined)
      console.log(
        `100 M followers, calculated: ${seconds.oneWorker} s with one worker; with ten ${seconds.tenWorkersOneRedis} s on one Redis, ${seconds.tenWorkersTenNodes} s on a cluster of ten nodes`,
      );
    const ratios = rows.map((row) => [
      row.followers,
      Object.fromEntries(
        (['ofLimit', 'ofSpread', 'ofLimitCpu', 'ofSpreadCpu', 'timesNaive', 'oursMs'] as const).map((key) => [
          key,
          Number(row[key].toPrecision(3)),
        ]),
      ),
    ]);
    console.log(JSON.stringify({ bench: 'fan-out', ...Object.fromEntries(ratios), hundredMillionSeconds: seconds }));
  } finally {
    redis.disconnect();
    await server.stop();
  }
};

if (values.help) process.stdout.write(usage);
else await main();
