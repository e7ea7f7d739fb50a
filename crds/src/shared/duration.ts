import { z } from 'zod';
import { withRules } from '../rules.ts';

declare const millis: unique symbol;
/** A span of time in milliseconds. */
export type Millis = number & { readonly [millis]: true };

const pattern = /^([0-9]{1,5}d|([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,8}s)?([0-9]{1,9}ms)?)$/;
const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

const millisOf = (text: string): Millis => {
  let total = 0;
  for (const [, digits = '', unit = ''] of text.matchAll(/([0-9]+)(ms|[dhms])/g)) {
    total += Number(digits) * (unitMs[unit] ?? 0);
  }
  return total as Millis;
};

/** A duration as Go and Kubernetes write it (`250ms`, `30s`, `1h30m`, `72h`), and in days (`3d`). Parsed into milliseconds. */
export const duration = () =>
  z
    .string()
    .min(2)
    .max(32)
    .regex(pattern, {
      error: ({ input }) =>
        `${JSON.stringify(input)} is no duration: write whole numbers with units, as in 250ms, 30s, 5m, 1h30m, 72h or 3d`,
    })
    .transform(millisOf);

export const positiveDuration = () =>
  withRules(duration(), [
    { cel: "self.matches('[1-9]')", message: 'must be longer than 0s', holds: (length) => length > 0 },
  ]);

/**
 * CEL for the milliseconds of the duration that lies at `path`. Kubernetes' CEL knows no days, and its cost estimate forbids
 * building another text from one. Right whether getMilliseconds gives the whole or only the part below a second.
 */
export const celMillis = (path: string): string =>
  `(${path}.endsWith('d') ? int(${path}.substring(0, ${path}.size() - 1)) * 86400000 : duration(${path}).getSeconds() * 1000 + duration(${path}).getMilliseconds() % 1000)`;
