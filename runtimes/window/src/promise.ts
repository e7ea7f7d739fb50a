import type { LogRecord } from '@groundswell/stores';
import { watermarkHeader } from '@groundswell/wire';

/** @throws SyntaxError where the record has neither a value nor a watermark */
export const promiseOf = ({ headers }: LogRecord): number => {
  const promised = headers[watermarkHeader];
  if (promised === undefined) throw new SyntaxError('Cannot take a record: it has neither a value nor a watermark');
  const watermark = Number(promised);
  if (Number.isNaN(watermark)) throw new SyntaxError(`Cannot take a watermark: "${promised}" is no number`);
  return watermark;
};
