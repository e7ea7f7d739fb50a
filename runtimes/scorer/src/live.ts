import { isDeepStrictEqual } from 'node:util';
import type { ScorerProgram } from '@groundswell/graph';

/** What takes effect without a restart: who gets which model, how large the top is, how often changes are scored. */
const withoutLive = ({ onChange, top, serving, explanations: _e, drift: _d, ...program }: ScorerProgram) => {
  const { deadlineMs: _deadlineMs, maxQueue: _maxQueue, maxBodyBytes: _maxBodyBytes, ...doors } = serving;
  const { revision: _revision, variants: _variants, routing, batching: _batching, ttlMs: _ttlMs, ...rest } = program;
  return { ...rest, doors, key: routing.key, untilMs: onChange?.untilMs, maxAgeMs: top.maxAgeMs };
};

/** Whether a running scorer can take the change. */
export const isLiveChange = (before: ScorerProgram, after: ScorerProgram): boolean =>
  isDeepStrictEqual(withoutLive(before), withoutLive(after));
