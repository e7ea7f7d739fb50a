import { Cluster, Command, type Redis } from 'ioredis';
import type { Call } from './call.ts';
import { keyOfCall, withScript } from './scripts.ts';

export type CallResult =
  | { readonly error: Error; readonly reply?: never }
  | { readonly error?: never; readonly reply: unknown };

/** Sends calls in as few trips as possible, in order for each key. Never rejects. */
export type SendCalls = (calls: readonly Call[]) => Promise<readonly CallResult[]>;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

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

/** Positions of the calls for each node. ioredis takes a pipeline for one node only, replicas included. */
const byNode = (cluster: Cluster, calls: readonly Call[]): Iterable<readonly number[]> => {
  const groups = new Map<string, number[]>();
  for (const [i, call] of calls.entries()) {
    const slot = new Command('get', [keyOfCall(call)]).getSlot() ?? 0;
    const node = cluster.slots[slot]?.join(';') ?? `slot ${slot}`;
    const group = groups.get(node);
    if (group === undefined) groups.set(node, [i]);
    else group.push(i);
  }
  return groups.values();
};

const sendToCluster = async (cluster: Cluster, calls: readonly Call[]): Promise<readonly CallResult[]> => {
  const results: CallResult[] = new Array(calls.length);
  const sendGroup = async (positions: readonly number[]): Promise<void> => {
    const group = positions.map((i) => calls[i] as Call);
    const replies = await sendPipeline(cluster, group);
    for (const [at, position] of positions.entries()) {
      const result = replies[at] ?? { error: new Error('no reply') };
      results[position] = isElsewhere(result) ? await sendAlone(cluster, group[at] as Call) : result;
    }
  };
  await Promise.all([...byNode(cluster, calls)].map(sendGroup));
  return results;
};

/** A server forgets its scripts when it starts. Nobody has done such a call. */
const knowsNoScript = ({ error }: CallResult): boolean => error?.message.startsWith('NOSCRIPT') === true;

export const createSend = (client: Redis | Cluster): SendCalls => {
  const send: SendCalls = (calls) =>
    client instanceof Cluster ? sendToCluster(client, calls) : sendPipeline(client, calls);
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
