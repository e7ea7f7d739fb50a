import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { ApiProgram, valuesOf } from '@groundswell/graph';
import { type Address, serveFetch } from '@groundswell/http';
import type { ScoreItems } from '@groundswell/pod';
import type { Health, Running, Values } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import type { PipelineStatus } from '@groundswell/wire';
import { createGuard } from './access/guard.ts';
import { openKeyring } from './access/keyring.ts';
import { createLimiter } from './access/limiter.ts';
import { createFeedDoor } from './feed/feed-door.ts';
import { createApp } from './http.ts';
import { createReports } from './outcomes/reports.ts';
import { ownStatusOf } from './own-status.ts';
import { createPump } from './pump.ts';
import { createReadings } from './readings.ts';
import type { FindRecommender } from './recommend.ts';
import type { RolloutWish } from './routes/decisions.ts';
import { createSignIns } from './sign-in/sign-in.ts';
import { readUiFiles } from './ui-files.ts';

export interface ApiOptions extends Address {
  /** The built page (`runtimes/ui/dist`); absent: no page is served. */
  readonly uiDirectory?: string;
  /** Asked for each `/v1/status` and about once a second while anybody watches; absent: what the API knows of itself. */
  readonly status?: () => PipelineStatus;
  /** Of Secrets. */
  readonly values: Values;
  /** Answers requests to paths at which sources take events; undefined for any other path. */
  readonly push?: (request: Request) => Promise<Response> | undefined;
  /** Takes the word of a person about a rollout; absent where resources alone decide. */
  readonly decide?: (wish: RolloutWish) => void;
  /** What answers requests for a Recommender; undefined where it does not run. */
  readonly recommender?: FindRecommender;
  /** Asks the scorer of a model; absent where none can be asked. */
  readonly scoreItems?: ScoreItems;
}

export interface ApiRunning extends Running {
  /** Where it listens, with the port that was taken. */
  readonly url: string;
}

/**
 * Serves the API and the page. Requests are answered as they come; the stream moves with `step`.
 * @throws Error when it cannot listen, or the page is not built
 */
export const startApi = async (
  program: ApiProgram,
  { log, keyValue, clock, metrics, logger }: Ports,
  {
    uiDirectory,
    status: given,
    values,
    push,
    decide,
    recommender = () => undefined,
    scoreItems,
    ...address
  }: ApiOptions,
): Promise<ApiRunning> => {
  let current = program;
  let sent = 0;
  const stopping = new AbortController();
  const now = () => clock.now();
  const keysRef = program.access.keys;
  const read = keysRef && (() => values.read(keysRef));
  const keyring = await openKeyring({ read, clock, logger });
  const pump = createPump({ clock, logger, metrics });
  const readings = createReadings(keyValue, program.pipeline);
  const uiFiles = program.ui && uiDirectory !== undefined ? await readUiFiles(uiDirectory) : new Map();
  const view = () => {
    if (current.feed === undefined) throw new Error(`Cannot read a timeline: "${current.name}" has no feed`);
    return current.feed;
  };
  const startedAt = now();
  const health = (): Health =>
    pump.isFailing()
      ? { kind: 'waiting', reason: 'StoreUnreachable', message: 'The store does not answer; it is asked again' }
      : { kind: 'ready' };
  const status = given ?? (() => ownStatusOf({ program: current, health: health(), startedAt, now: now() }));
  const writes = program.feed !== undefined || program.reports !== undefined;
  const producer = writes ? await log.producer() : undefined;
  const feed =
    program.feed &&
    producer &&
    (await createFeedDoor({ keyValue, clock, logger, pipeline: program.pipeline, producer, values, view }));
  const { pipeline, reports: taken } = program;
  const reports = taken && producer && createReports({ keyValue, producer, pipeline, reports: taken, now });
  const signIns = createSignIns({ signIn: () => current.access.signIn, keyValue, pipeline, values });
  const guard = createGuard({ access: () => current.access, keyring, signIns, limiter: createLimiter(), now });
  const shown = {
    guard,
    signIns,
    decide,
    scoreItems,
    feed,
    reports,
    recommender,
    readings,
    pump,
    status,
    push,
    uiFiles,
  };
  const app = createApp({ ...shown, program: () => current, metrics, logger, now });
  const { url, close } = await serveFetch(app.fetch, address, 'pass another --host or --port');
  logger.info({ url }, 'listening');
  return {
    name: program.name,
    url,
    step: async ({ maxWaitMs }) => {
      const waitMs = Math.min(maxWaitMs, pump.dueInMs());
      if (waitMs > 0) await wait(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      // Programs that never wait for anything outside would keep this process from answering requests.
      await nextTurn();
      sent += await pump.step();
      await keyring.look();
      await feed?.look();
      // It takes no records: what it sends is no sign that there is more to do.
      return 0;
    },
    save: async () => undefined,
    stop: async () => {
      stopping.abort();
      pump.stop();
      await close();
      await producer?.close();
    },
    update: async (changed) => {
      const next = ApiProgram.parse(changed);
      if (fixedOf(next) !== fixedOf(current)) return false;
      current = next;
      return true;
    },
    report: () => ({ records: 0, watermark: undefined, eventTime: undefined, produced: { 'states streamed': sent } }),
    health,
  };
};

/** What it stands on. */
const fixedOf = ({ name, pipeline, ui, access, feed, reports }: ApiProgram): string =>
  JSON.stringify([
    name,
    pipeline,
    ui,
    valuesOf({ access, feed }),
    reports,
    feed && [feed.name, feed.posts, feed.events, feed.shards],
  ]);
