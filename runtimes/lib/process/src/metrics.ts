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
  /**
   * A histogram of which values may say of which trace they are: where there are traces, `/metrics` is OpenMetrics and has
   * an exemplar in each bucket.
   */
  traced<L extends string>(name: string, help: string, buckets: readonly number[], labels: readonly L[]): Traced<L>;
}

/** Of some labels, what takes values. */
type Traced<L extends string> = (labels: Readonly<Record<L, string>>) => (value: number, traceId?: string) => void;

export interface MetricsOptions {
  /** Whether there are traces. */
  readonly exemplars: boolean;
}

export const createMetrics = ({ exemplars }: MetricsOptions = { exemplars: false }): Metrics => {
  const registry = new Registry();
  if (exemplars) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as typeof Registry.PROMETHEUS_CONTENT_TYPE);
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
    traced: (name, help, buckets, labels) => {
      const settings = { name, help, buckets: [...buckets], labelNames: [...labels], registers: [registry] };
      const histogram = once(name, () => new Histogram({ ...settings, enableExemplars: exemplars }));
      return (of) => {
        const child = histogram.labels(of);
        return (value, traceId) => {
          if (traceId === undefined || !exemplars) return child.observe(value);
          // The labels of exemplars are typed as those of the metric, which they are not.
          const exemplarLabels = { trace_id: traceId } as object;
          histogram.observe({ labels: of, value, exemplarLabels });
        };
      };
    },
  };
};
