import { isDeepStrictEqual } from 'node:util';
import type { ScorerProgram } from '@groundswell/graph';

/** What takes effect without a restart: who gets which model, how large the top is, how often changes are scored. */
const withoutLive = ({ onChange, top, ...program }: ScorerProgram) => {
  const { revision: _revision, variants: _variants, routing, batching: _batching, ttlMs: _ttlMs, ...rest } = program;
  return { ...rest, key: routing.key, untilMs: onChange?.untilMs, maxAgeMs: top.maxAgeMs };
};

/** Whether a running scorer can take the change. */
export const isLiveChange = (before: ScorerProgram, after: ScorerProgram): boolean =>
  isDeepStrictEqual(withoutLive(before), withoutLive(after));
