import { Cluster, Command, type Redis } from 'ioredis';
import type { Call } from './call.ts';
import { keyOfCall, withScript } from './scripts.ts';

export type CallResult =
  | { readonly error: Error; readonly reply?: never }
  | { readonly error?: never; readonly reply: unknown };

/** Sends calls in as few trips as possible, in order for each key. Never rejects. */
export type SendCalls = (calls: readonly Call[]) => Promise<readonly CallResult[]>;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** The scripts that each node was given. */
interface Introduced {
  /** The call, with the script itself where the node cannot know it yet: a call that is made again comes after its successors. */
  of(node: string, call: Call): Call;
}

/** A server forgets its scripts when it starts, and then its connections end. */
const createIntroduced = (client: Redis | Cluster): Introduced => {
  const known = new Set<string>();
  client.on(client instanceof Cluster ? '-node' : 'close', () => known.clear());
  return {
    of: (node, call) => {
      if (call[0] !== 'evalsha') return call;
      const script = `${node} ${call[1]}`;
      if (known.has(script)) return call;
      known.add(script);
      return withScript(call);
    },
  };
};

const sendPipeline = async (client: Redis | Cluster, calls: readonly Call[]): Promise<CallResult[]> => {
  const pipeline = client.pipeline();
  for (const [name, ...rest] of calls) pipeline.call(name, ...rest);
  try {
    const results = (await pipeline.exec()) ?? [];
    return results.map(([error, reply]) => (error === null ? { reply } : { error }));
  } catch (error) {
    return calls.map(() => ({ error: asError(error) }));
  }
};

/** Nobody has done it: the key is elsewhere, or is on its way. */
const isElsewhere = ({ error }: CallResult): boolean =>
  error !== undefined && /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|All keys in the pipeline) ?/.test(error.message);

/** One by one, where ioredis follows a key to its node. */
const sendAlone = async (cluster: Cluster, [name, ...rest]: Call): Promise<CallResult> => {
  try {
    return { reply: await cluster.call(name, ...rest) };
  } catch (error) {
    return { error: asError(error) };
  }
};

/** Positions of the calls for each node, by its name. ioredis takes a pipeline for one node only, replicas included. */
const byNode = (cluster: Cluster, calls: readonly Call[]): ReadonlyMap<string, readonly number[]> => {
  const groups = new Map<string, number[]>();
  for (const [i, call] of calls.entries()) {
    const slot = new Command('get', [keyOfCall(call)]).getSlot() ?? 0;
    const node = cluster.slots[slot]?.join(';') ?? `slot ${slot}`;
    const group = groups.get(node);
    if (group === undefined) groups.set(node, [i]);
    else group.push(i);
  }
  return groups;
};

const sendToCluster = async (cluster: Cluster, calls: readonly Call[], introduced: Introduced) => {
  const results: CallResult[] = new Array(calls.length);
  const sendGroup = async ([node, positions]: readonly [string, readonly number[]]): Promise<void> => {
    const group = positions.map((i) => introduced.of(node, calls[i] as Call));
    const replies = await sendPipeline(cluster, group);
    for (const [at, position] of positions.entries()) {
      const result = replies[at] ?? { error: new Error('no reply') };
      results[position] = isElsewhere(result) ? await sendAlone(cluster, group[at] as Call) : result;
    }
  };
  await Promise.all([...byNode(cluster, calls)].map(sendGroup));
  return results;
};

/** Somebody made the server forget its scripts, or the key has moved. Nobody has done such a call. */
const knowsNoScript = ({ error }: CallResult): boolean => error?.message.startsWith('NOSCRIPT') === true;

export const createSend = (client: Redis | Cluster): SendCalls => {
  const introduced = createIntroduced(client);
  const send: SendCalls = (calls) =>
    client instanceof Cluster
      ? sendToCluster(client, calls, introduced)
      : sendPipeline(
          client,
          calls.map((call) => introduced.of('', call)),
        );
  return async (calls) => {
    const results = await send(calls);
    const unknown = results.flatMap((result, i) => (knowsNoScript(result) ? [i] : []));
    if (unknown.length === 0) return results;
    const again = await send(unknown.map((i) => withScript(calls[i] as Call)));
    const whole = [...results];
    for (const [at, i] of unknown.entries()) whole[i] = again[at] as CallResult;
    return whole;
  };
};
