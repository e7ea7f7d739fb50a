import { parseArgs } from 'node:util';
import { cpuSecondsOf } from '../servers/cpu.ts';
import { casesOf } from './scoring/cases.ts';
import { allAtOnce, closedLoop, openLoop, type Target, type Timing } from './scoring/load.ts';
import { ours, type Peer, startPeers } from './scoring/peers.ts';
import { createRaw } from './scoring/raw.ts';
import { targetOf } from './scoring/target.ts';

/**
 * How fast requests are scored, beside other servers of the same model, each in a process of its own. Every answer is
 * compared with the one that was checked against XGBoost before. Prints tables and, as its last line, one JSON object.
 *
 * Servers take turns, and the best of the rounds counts, so that what else the machine does weighs little.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    peers: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
if (!Number.isSafeInteger(rounds) || rounds < 1 || !(seconds > 0))
  throw new RangeError(
    `Cannot run with --rounds ${values.rounds} --seconds ${values.seconds}: positive numbers are needed`,
  );

const clients = 100;
/** A gRPC client has many calls under way on a connection: as a handful of client processes would share the hundred. */
const shared = 4;
const many = 10_000;
/** That of `serving.deadline` where a resource says nothing. */
const deadlineMs = 1000;
/** Connections, each with as many calls as the server lets it have. */
const overloading = 20;

const best = new Map<string, Timing>();
const keep = (name: string, timing: Timing): void => {
  if (timing.wrong > 0) throw new Error(`Cannot bench ${name}: ${timing.wrong} of its answers are wrong`);
  if (timing.rate > (best.get(name)?.rate ?? 0)) best.set(name, timing);
};
const timed = ({ pid }: Peer, target: Target, concurrency: number, connections = concurrency): Promise<Timing> =>
  closedLoop(target, { clients: concurrency, connections, seconds, cpuSeconds: () => cpuSecondsOf(pid) });
const sharedName = ({ name }: Peer): string => `${name}, ${shared} connections`;

const own = await ours('groundswell', '--deadline', '30s')();
const single = await ours('without batching', '--max-rows', '1')();
const others = values.peers ? await startPeers() : [];
const all = [...own, ...others];
const rateOf = (name: string): number => best.get(name)?.rate ?? Number.NaN;
const [grpc, http] = own as [Peer, Peer];

try {
  const targets = new Map<Peer, Target>();
  for (const peer of [...all, ...single]) targets.set(peer, await targetOf(peer, casesOf(1)));
  const targetFor = (peer: Peer): Target => targets.get(peer) as Target;
  const raw = await createRaw();
  let rawRate = 0;
  for (let round = 0; round < rounds; round++) {
    rawRate = Math.max(rawRate, await raw(1));
    for (const peer of all) {
      keep(peer.name, await timed(peer, targetFor(peer), clients));
      if (peer.protocol === 'grpc') keep(sharedName(peer), await timed(peer, targetFor(peer), clients, shared));
    }
    for (const peer of [grpc, single[0] as Peer]) keep(`${peer.name}, alone`, await timed(peer, targetFor(peer), 1));
  }

  const line = (name: string, { rate, p50Ms, p99Ms, cpuMicros }: Timing): string =>
    [
      name.padEnd(32),
      Math.round(rate).toLocaleString('en-US').padStart(11),
      p50Ms.toFixed(2).padStart(8),
      p99Ms.toFixed(2).padStart(8),
      cpuMicros.toFixed(0).padStart(8),
    ].join(' ');
  console.log(`\nOne row in a request, ${clients} clients; best of ${rounds} rounds of ${seconds} s\n`);
  console.log(`${''.padEnd(32)}  requests/s   p50 ms   p99 ms   CPU µs`);
  for (const [name, timing] of best) console.log(line(name, timing));
  console.log(`Raw ONNX Runtime, 64 rows in a run: ${Math.round(rawRate).toLocaleString('en-US')} rows/s\n`);

  const flood = async (name: string, peer: Peer, connections: number): Promise<number> => {
    const { right, refused, wrong, p99Ms } = await allAtOnce(targetFor(peer), many, connections);
    console.log(
      `${many} at once, ${name}: ${right} right, ${refused} refused, ${wrong} wrong, 99 % within ${Math.round(p99Ms)} ms`,
    );
    return right;
  };
  const floods = [
    await flood(`gRPC, ${many} connections`, grpc, many),
    await flood('gRPC, 100 connections', grpc, 100),
    await flood(`HTTP, ${many} connections`, http, many),
  ];

  const overload = async (rows: number): Promise<number> => {
    const target = await targetOf(grpc, casesOf(rows), `${deadlineMs}m`);
    // As many as keep it busy without making one wait.
    const peak = await timed(grpc, target, rows === 1 ? clients : 8);
    const arrivals = { perSecond: 3 * peak.rate, connections: overloading, seconds: 2 * seconds, deadlineMs };
    const load = await openLoop(target, arrivals);
    const share = load.rate / peak.rate;
    console.log(
      `3 × the ${Math.round(peak.rate)} requests/s of ${rows} rows that it can take: ${Math.round(load.rate)}/s right within ${deadlineMs} ms (${Math.round(share * 100)} % of the peak), ${load.refused} refused, ${load.wrong} wrong`,
    );
    if (load.wrong > 0) throw new Error(`Cannot bench overload: ${load.wrong} answers are wrong`);
    return share;
  };
  const overloads = [await overload(64), await overload(1)];

  const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;
  const cpuOf = (name: string): number => best.get(name)?.cpuMicros ?? Number.NaN;
  const grpcShared = sharedName(grpc);
  const against = Object.fromEntries(
    others.flatMap((peer) => {
      const name = peer.protocol === 'grpc' ? sharedName(peer) : peer.name;
      return [
        [`grpc vs ${peer.name}`, ratio(rateOf(grpcShared), rateOf(name))],
        [`grpc, a connection each, vs ${peer.name}`, ratio(rateOf(grpc.name), rateOf(peer.name))],
        [`CPU of ${peer.name} vs gRPC`, ratio(cpuOf(name), cpuOf(grpcShared))],
      ];
    }),
  );
  const aloneOf = (peer: Peer): number => best.get(`${peer.name}, alone`)?.p50Ms ?? Number.NaN;
  console.log(
    JSON.stringify({
      ...against,
      'http vs Flask': ratio(rateOf(http.name), rateOf('Flask')),
      vsRaw: ratio(rateOf(grpcShared), rawRate),
      p50Ms: best.get(grpcShared)?.p50Ms,
      p99Ms: best.get(grpcShared)?.p99Ms,
      loneBatchingVsNone: ratio(aloneOf(grpc), aloneOf(single[0] as Peer)),
      tenThousandRight: floods,
      overloadGoodput: overloads.map((share) => ratio(share, 1)),
    }),
  );
} finally {
  for (const pid of new Set([...all, ...single].map((peer) => peer.pid)))
    await [...all, ...single].find((peer) => peer.pid === pid)?.stop();
}
