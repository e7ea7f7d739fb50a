import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { quantile } from '../quantile.ts';
import { cpuSecondsOf } from '../servers/cpu.ts';
import { say } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import { atRate } from './at-rate.ts';

const usage = `How long /v1/recommend takes on a real Redis: candidates from the store, features of all of them, one run of the
model, answer written down. Requests come at a fixed rate whether or not those before are answered.
  --rate 200         requests in a second
  --seconds 20       of each part
  --candidates 200   that are ranked for each request
`;
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    candidates: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const [rate, seconds, candidates] = [Number(values.rate), Number(values.seconds), Number(values.candidates)];

interface Answer {
  readonly ms: number;
  readonly items: number;
  readonly cached: boolean;
  readonly fell: boolean;
}

const ask = async (url: string, user: string, due: number): Promise<Answer> => {
  const answer = await fetch(`${url}/v1/recommend`, { method: 'POST', body: JSON.stringify({ user_id: user }) });
  const { items, cached, fallbacks } = (await answer.json()) as {
    items: unknown[];
    cached: boolean;
    fallbacks: unknown[];
  };
  return { ms: performance.now() - due, items: items.length, cached, fell: fallbacks.length > 0 };
};

const load = (url: string, userOf: (i: number) => string, count: number): Promise<readonly Answer[]> =>
  atRate({ rate, count }, (i, due) => ask(url, userOf(i), due));

const told = (title: string, answers: readonly Answer[], cpuMs: number) => {
  const ms = answers.map((answer) => answer.ms);
  const share = (holds: (answer: Answer) => boolean): string =>
    `${((100 * answers.filter(holds).length) / answers.length).toFixed(1)} %`;
  const [p50, p99, most] = [quantile(ms, 0.5), quantile(ms, 0.99), quantile(ms, 1)];
  const cells = [
    title,
    ...[p50, p99, most].map((x) => `${x.toFixed(1)} ms`),
    share((a) => a.cached),
    share((a) => a.fell),
  ];
  cells.push(`${cpuMs.toFixed(2)} ms`);
  process.stdout.write(`${cells.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(10))).join('')}\n`);
  return { p50, p99, cpuMs };
};

const redis = await startRedis();
const words = ['--conditions=source', join(import.meta.dirname, 'recommend', 'server.ts'), redis.address];
const child = spawn(process.execPath, [...words, JSON.stringify({ candidates, tags: 30 })], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const cpuMs = (): number => cpuSecondsOf(child.pid ?? 0) * 1_000;
/** One part: what it took, in time and in CPU of the server. */
const measure = async (url: string, title: string, userOf: (i: number) => string) => {
  const before = cpuMs();
  const answers = await load(url, userOf, rate * seconds);
  return told(title, answers, (cpuMs() - before) / answers.length);
};

try {
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  say(`${candidates} candidates, ${rate} requests a second, ${seconds} s each`);
  await load(url, (i) => `warm-${i}`, rate * 5);
  const header = ['', 'p50', 'p99', 'longest', 'cached', 'fell back', 'CPU each'];
  process.stdout.write(`${header.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(10))).join('')}\n`);
  const each = await measure(url, 'every request another user', (i) => `user-${i}`);
  const some = await measure(url, '500 users again and again', (i) => `again-${(i * 7919) % 500}`);
  const { p50, p99, cpuMs } = each;
  process.stdout.write(`${JSON.stringify({ candidates, rate, p50, p99, cpuMs, again: some })}\n`);
} finally {
  child.kill('SIGKILL');
  await redis.stop();
}
