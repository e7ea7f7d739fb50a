import type { Program } from '../programs/index.ts';
import type { PipelineReading } from './context.ts';
import { secretOf } from './sources/references.ts';

/** Programs that events pass through. */
const passed: readonly Program['kind'][] = ['ingest', 'window', 'scorer', 'alerter'];

/** What of an event's way is told: how long it takes, and the whole of it for some. For those that events pass through. */
export const compileSeenInside = ({ spec }: PipelineReading) => {
  const { stampLatency, traces } = spec.observability;
  const seen: Pick<Program, 'stampLatency' | 'traces'> = {
    ...(!stampLatency && { stampLatency: false as const }),
    ...(traces !== undefined && {
      traces: {
        endpoint: traces.endpoint,
        share: traces.share,
        ...(traces.headersRef !== undefined && { headers: secretOf(traces.headersRef) }),
      },
    }),
  };
  return (kind: Program['kind']): typeof seen => (passed.includes(kind) ? seen : {});
};
