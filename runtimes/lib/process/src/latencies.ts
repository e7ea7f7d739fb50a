/** Each bucket is 5 % wider than the one before: quantiles are at most so far off. From 0.01 ms to about a day. */
const growth = 1.05;
const smallest = 0.01;
const buckets = 480;

/** Latencies of a whole run in fixed memory. */
export interface Latencies {
  /** In ms. */
  note(ms: number): void;
  /** In ms; undefined before the first. */
  quantile(share: number): number | undefined;
  readonly count: number;
  /** These and others together. */
  with(others: Latencies): Latencies;
  /** How many fell into each bucket. */
  readonly counts: Float64Array;
}

export const createLatencies = (counts = new Float64Array(buckets)): Latencies => {
  let count = counts.reduce((sum, inBucket) => sum + inBucket, 0);
  return {
    note: (ms) => {
      const place = ms <= smallest ? 0 : Math.ceil(Math.log(ms / smallest) / Math.log(growth));
      const bucket = Math.min(place, buckets - 1);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      count++;
    },
    quantile: (share) => {
      let left = Math.max(1, Math.ceil(share * count));
      if (count === 0) return undefined;
      const bucket = counts.findIndex((inBucket) => {
        left -= inBucket;
        return left <= 0;
      });
      return bucket === 0 ? 0 : smallest * growth ** bucket;
    },
    get count() {
      return count;
    },
    with: (others) => createLatencies(counts.map((inBucket, i) => inBucket + (others.counts[i] ?? 0))),
    counts,
  };
};
