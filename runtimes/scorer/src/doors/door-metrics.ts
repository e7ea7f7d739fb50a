import type { Metrics } from '@groundswell/process';
import type { OutcomeName } from '../oip/status.ts';

const buckets = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** A request that was answered. */
interface Answered {
  readonly door: 'grpc' | 'http';
  /** Empty where it named none that is served: names that clients make up are no labels. */
  readonly model: string;
  readonly outcome: OutcomeName;
  /** By `performance.now()`. */
  readonly startedAt: number;
}

export interface DoorMetrics {
  answered(request: Answered): void;
}

interface Observed {
  readonly count: { inc(): void };
  readonly time: { observe(seconds: number): void } | undefined;
}

/** What the request doors tell Prometheus. */
export const createDoorMetrics = (metrics: Metrics): DoorMetrics => {
  const requests = metrics.counter('scorer_requests_total', 'Requests answered, by what they came to', [
    'door',
    'model',
    'outcome',
  ]);
  const seconds = metrics.histogram(
    'scorer_request_seconds',
    'From the whole request to its answer, those answered',
    buckets,
    ['door', 'model'],
  );
  // Looking labels up costs more than counting.
  const known = new Map<string, Observed>();
  const observedOf = ({ door, model, outcome }: Answered): Observed => {
    const id = `${door} ${outcome} ${model}`;
    const found = known.get(id);
    if (found !== undefined) return found;
    const count = requests.labels(door, model, outcome);
    const observed = { count, time: outcome === 'Ok' ? seconds.labels(door, model) : undefined };
    known.set(id, observed);
    return observed;
  };
  return {
    answered: (request) => {
      const { count, time } = observedOf(request);
      count.inc();
      time?.observe((performance.now() - request.startedAt) / 1000);
    },
  };
};
