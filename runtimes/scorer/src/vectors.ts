import type { FeatureSet, HashRead } from '@groundswell/features';
import { createResultsReader, type KeyValue, type KeyValueBatch, type PlaceOf } from '@groundswell/stores';
import { type SocialEvent, watermarkOf } from '@groundswell/wire';

/** A post at a moment of event time, ms. */
interface PostAt {
  readonly event: SocialEvent;
  readonly at: number;
}

/** How features become vectors, the same for every door. */
export interface Vectors {
  /**
   * Reads what the posts need of the store in one go, as it stands now.
   * @returns float32, row-major, `[posts.length, width]`, in their order
   */
  read(posts: readonly PostAt[]): Promise<Float32Array>;
}

export interface VectorsOptions {
  readonly pipeline: string;
  readonly set: FeatureSet;
  readonly keyValue: KeyValue;
}

export const createVectors = ({ pipeline, set, keyValue }: VectorsOptions): Vectors => {
  const readResults = createResultsReader(keyValue, pipeline, set.read);
  return {
    read: (posts) =>
      readResults((batch, placeOf) => {
        const watermarks = set.windows.map((window) => [window, batch.hashGetAll(placeOf(window).watermarks)] as const);
        const replyTo = createAsking(batch, placeOf);
        const asked = posts.map(({ event }) => {
          const reads = set.reads(event);
          return { reads, replies: reads.map(replyTo) };
        });
        return () => {
          const known = watermarksOf(watermarks.map(([window, shards]) => [window, shards.value()]));
          const rows = new Float32Array(posts.length * set.width);
          for (const [i, { event, at }] of posts.entries()) {
            const { reads = [], replies = [] } = asked[i] ?? {};
            const values = replies.map((reply) => reply.value());
            set.vector(rows, i * set.width, { event, at, age: at - event.at, reads, values, watermarks: known });
          }
          return rows;
        };
      }),
  };
};

/** Rows of one request have much in common, the values of the user who asks, say: each is asked for once. */
const createAsking = (batch: KeyValueBatch, placeOf: PlaceOf) => {
  const asking = new Map<string, ReturnType<KeyValueBatch['hashValues']>>();
  return ({ group, window, hash, fields }: HashRead): ReturnType<KeyValueBatch['hashValues']> => {
    const id = `${group} ${hash}`;
    const known = asking.get(id);
    if (known !== undefined) return known;
    const reply = batch.hashValues(placeOf(window).prefix + hash, fields);
    asking.set(id, reply);
    return reply;
  };
};

/** A window that has not said how far it is has none. */
const watermarksOf = (
  windows: readonly (readonly [window: string, shards: Readonly<Record<string, string>>])[],
): ReadonlyMap<string, number> =>
  new Map(
    windows.flatMap(([window, shards]): [string, number][] => {
      const watermark = watermarkOf(shards);
      return watermark === undefined ? [] : [[window, watermark]];
    }),
  );
