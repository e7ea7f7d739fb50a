import { parseArgs } from 'node:util';
import { quantile } from '../quantile.ts';
import { atRate } from './at-rate.ts';

const usage = `Users of an installation, at fixed rates whether or not earlier requests are answered:

  node test/load/users.ts --url http://localhost:8080 --posts 20 --timelines 200 --recommend 50 --seconds 60

  --url          the API
  --users 1000   user-0 to user-999
  --follows 0    new follows in a second; --posts, --timelines, --recommend likewise
  --seconds 30   how long
  --p99 500      most ms that the 99th percentile of each may take; else, and where anything fails, it ends with 1
A key for the API is taken from GROUNDSWELL_API_KEY.
`;
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    users: { type: 'string', default: '1000' },
    follows: { type: 'string', default: '0' },
    posts: { type: 'string', default: '0' },
    timelines: { type: 'string', default: '0' },
    recommend: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '30' },
    p99: { type: 'string', default: '500' },
    help: { type: 'boolean', default: false },
  },
});

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

const users = Number(values.users);
/** Few are much read and much followed: the square of a uniform draw. */
const someone = (): string => `user-${Math.floor(users * Math.random() ** 2)}`;
const other = (than: string): string => {
  const drawn = someone();
  return drawn === than ? `user-${(Number(than.slice(5)) + 1) % users}` : drawn;
};
const follow = (): Request => {
  const user_id = someone();
  return { method: 'POST', path: '/v1/follows', body: { user_id, followed_id: other(user_id) } };
};
const kinds = {
  follows: follow,
  posts: () => ({ method: 'POST', path: '/v1/posts', body: { author_id: someone(), text: 'A post of a load test' } }),
  timelines: () => ({ method: 'GET', path: `/v1/timelines/${someone()}` }),
  recommend: () => ({ method: 'POST', path: '/v1/recommend', body: { user_id: someone() } }),
} satisfies Record<string, () => Request>;
type Kind = keyof typeof kinds;

interface Answer {
  readonly ms: number;
  /** Undefined where it was right. */
  readonly problem: string | undefined;
}

const key = process.env['GROUNDSWELL_API_KEY'];
const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
const send = async ({ method, path, body }: Request, due: number): Promise<Answer> => {
  const since = (): number => performance.now() - due;
  try {
    const init = { method, headers, signal: AbortSignal.timeout(30_000) };
    const answer = await fetch(new URL(path, values.url), body ? { ...init, body: JSON.stringify(body) } : init);
    const text = await answer.text();
    return { ms: since(), problem: answer.ok ? undefined : `${answer.status} ${text.slice(0, 200)}` };
  } catch (error) {
    const { message, cause } = error as Error;
    return { ms: since(), problem: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
};

/** What one kind of request took, said on a line. */
const told = (kind: Kind, answers: readonly Answer[]) => {
  const ms = answers.map((answer) => answer.ms);
  const problems = answers.flatMap(({ problem }) => problem ?? []);
  const [p50, p99, most] = [quantile(ms, 0.5), quantile(ms, 0.99), quantile(ms, 1)];
  const cells = [answers.length, problems.length, ...[p50, p99, most].map((x) => `${x.toFixed(1)} ms`)];
  process.stdout.write(`${kind.padEnd(12)}${cells.map((cell) => String(cell).padStart(12)).join('')}\n`);
  for (const problem of new Set(problems.slice(0, 100))) process.stderr.write(`  ${problem}\n`);
  return { requests: answers.length, failed: problems.length, p50, p99, most };
};

const main = async (): Promise<boolean> => {
  const seconds = Number(values.seconds);
  const wanted = (Object.keys(kinds) as Kind[]).filter((kind) => Number(values[kind]) > 0);
  if (values.help || wanted.length === 0) {
    process.stdout.write(usage);
    return values.help;
  }
  const answered = await Promise.all(
    wanted.map(async (kind) => {
      const rate = Number(values[kind]);
      const count = Math.round(rate * seconds);
      return [kind, await atRate({ rate, count }, (_, due) => send(kinds[kind](), due))] as const;
    }),
  );
  const titles = ['requests', 'failed', 'p50', 'p99', 'longest'].map((title) => title.padStart(12));
  process.stdout.write(`${''.padEnd(12)}${titles.join('')}\n`);
  const figures = Object.fromEntries(answered.map(([kind, answers]) => [kind, told(kind, answers)]));
  process.stdout.write(`${JSON.stringify({ seconds, users, ...figures })}\n`);
  return Object.values(figures).every(({ failed, p99 }) => failed === 0 && p99 <= Number(values.p99));
};

process.exitCode = (await main()) ? 0 : 1;
