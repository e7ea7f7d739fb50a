import type { TensorHead } from './request.ts';
import { invalid } from './status.ts';
import { isDataType, sizeOf } from './tensor.ts';

/** More dimensions than any model has. */
const maxDimensions = 32;
/** More values than fit into any request. */
const maxSize = 2 ** 31;

/** @throws ProtocolError for a type or shape that no tensor has */
export const tensorHead = (name: string, datatype: string, shape: readonly number[]): TensorHead => {
  if (name === '') throw invalid('Cannot read a tensor: it has no name, each needs one');
  if (!isDataType(datatype))
    throw invalid(
      `Cannot read tensor "${name}": ${JSON.stringify(datatype)} is no datatype of the protocol, one as FP32, INT64 or BYTES is needed`,
    );
  if (shape.length > maxDimensions)
    throw invalid(
      `Cannot read tensor "${name}": it has ${shape.length} dimensions, at most ${maxDimensions} are taken`,
    );
  for (const length of shape)
    if (!Number.isSafeInteger(length) || length < 0)
      throw invalid(`Cannot read tensor "${name}": its shape has ${length}, whole numbers from 0 on are needed`);
  if (sizeOf(shape) > maxSize)
    throw invalid(
      `Cannot read tensor "${name}": its shape [${shape.join(', ')}] has more values than fit into a request`,
    );
  return { name, datatype, shape };
};
