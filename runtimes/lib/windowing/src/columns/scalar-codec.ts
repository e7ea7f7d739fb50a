import type { Scalar } from '../aggregation.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';

export const writeScalar = (value: Scalar, to: ByteWriter): void => {
  if (typeof value === 'string') {
    to.number(0);
    to.text(value);
  } else if (typeof value === 'number') {
    to.number(1);
    to.number(value);
  } else to.number(value ? 3 : 2);
};

export const readScalar = (from: ByteReader): Scalar => {
  const kind = from.number();
  if (kind === 0) return from.text();
  return kind === 1 ? from.number() : kind === 3;
};
