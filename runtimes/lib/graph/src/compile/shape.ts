import type { WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';
import { refuseLateness } from './lateness.ts';
import { compilePattern } from './pattern.ts';
import { warnOfWhatStays } from './what-stays.ts';

type Shape = WindowProgram['shape'];

/** How events are put together; nothing where that is not supported. */
export const compileShape = (reading: WindowReading): Shape | undefined => {
  const { tumble, hop, session, decay, pattern, global } = reading.spec.window;
  if (tumble !== undefined) return { kind: 'tumble', sizeMs: tumble.size };
  if (hop !== undefined) return { kind: 'hop', sizeMs: hop.size, everyMs: hop.every };
  if (session !== undefined) return compileSession(reading, session);
  if (global !== undefined) return compileGlobal(reading, global);
  if (decay !== undefined) return compileDecay(reading, decay);
  if (pattern !== undefined) return compilePattern(reading, pattern);
  return undefined;
};

type Written<K extends keyof WindowReading['spec']['window']> = NonNullable<WindowReading['spec']['window'][K]>;

const compileGlobal = (reading: WindowReading, { every, forgetAfter }: Written<'global'>): Shape => {
  refuseLateness(reading, 'no event is late for a window without end');
  const forgetting = forgetAfter === undefined ? {} : { forgetAfterMs: forgetAfter };
  return { kind: 'global', everyMs: every, ...forgetting };
};

const fading = ['count', 'sum', 'avg', 'weightedSum', 'ratio', 'expression'] as const;

const compileDecay = (reading: WindowReading, { halfLife, every, forgetBelow }: Written<'decay'>): Shape => {
  refuseLateness(reading, 'no event is late for what fades');
  reading.spec.aggregations.forEach((aggregation, i) => {
    if (fading.every((kind) => aggregation[kind] === undefined))
      reading.refuse(
        ['aggregations', i],
        `Cannot compute "${aggregation.name}" in a decay window: only counts and sums fade, use ${fading.join(', ')}`,
      );
  });
  return { kind: 'decay', halfLifeMs: halfLife, everyMs: every, forgetBelow };
};

const compileSession = (reading: WindowReading, { gap, maxDuration }: Written<'session'>): Shape => {
  warnOfWhatStays(reading, 'a session is not followed by an empty one');
  return { kind: 'session', gapMs: gap, ...(maxDuration === undefined ? {} : { maxMs: maxDuration }) };
};
