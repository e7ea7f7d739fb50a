import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of one process. Asking twice for a name gives the same metric, so programs in one process share it. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  /** `buckets` in the unit that the name ends with. */
  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
}

export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const known = new Map<string, unknown>();
  const once = <M>(name: string, make: () => M): M => {
    const existing = known.get(name) as M | undefined;
    if (existing !== undefined) return existing;
    const made = make();
    known.set(name, made);
    return made;
  };
  return {
    registry,
    counter: (name, help, labels = []) =>
      once(name, () => new Counter({ name, help, labelNames: [...labels], registers: [registry] })),
    gauge: (name, help, labels = []) =>
      once(name, () => new Gauge({ name, help, labelNames: [...labels], registers: [registry] })),
    histogram: (name, help, buckets, labels = []) =>
      once(
        name,
        () => new Histogram({ name, help, buckets: [...buckets], labelNames: [...labels], registers: [registry] }),
      ),
  };
};
