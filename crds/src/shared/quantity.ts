import { z } from 'zod';

declare const bytes: unique symbol;
/** A size in bytes. */
export type Bytes = number & { readonly [bytes]: true };

const pattern = /^[0-9]{1,9}(\.[0-9]{1,3})?(Ki|Mi|Gi|Ti|k|M|G|T)?$/;
const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

const bytesOf = (text: string): Bytes => {
  const unit = text.replace(/^[0-9.]+/, '');
  return Math.round(Number.parseFloat(text) * (factors[unit] ?? 1)) as Bytes;
};

/** A size as Kubernetes writes it (`512Mi`, `10Gi`, `1G`). Parsed into bytes. */
export const quantity = () =>
  z
    .string()
    .min(1)
    .max(16)
    .regex(pattern, {
      error: ({ input }) => `${JSON.stringify(input)} is no size: write a number with a unit, as in 512Mi, 10Gi or 1G`,
    })
    .transform(bytesOf);
