import { decodeInfer, encodeInfer } from '../oip/grpc-infer.ts';
import {
  decodeModelName,
  decodeOnlyReady,
  decodeTexts,
  encodeFlag,
  encodeIndex,
  encodeModelMetadata,
  encodeServerMetadata,
} from '../oip/grpc-messages.ts';
import { ProtocolError } from '../oip/status.ts';
import { Writer } from '../protobuf/writer.ts';
import type { RequestContext } from './context.ts';
import type { Inference } from './inference.ts';

/** A unary method: message in, message out. Says to `of` which model it is about. */
export type Method = (
  message: Uint8Array,
  context: RequestContext,
  of: (model: string) => void,
) => Uint8Array | Promise<Uint8Array>;

const inferenceService = 'inference.GRPCInferenceService';
const healthService = 'grpc.health.v1.Health';

/** Those that reflection tells of. */
export const services = [inferenceService, healthService] as const;

const serving = 1;
const notServing = 2;

/** By path. */
export const methodsOf = (inference: Inference): Readonly<Record<string, Method>> => ({
  [`/${inferenceService}/ModelInfer`]: async (message, context, of) => {
    const { request, isRaw } = decodeInfer(message);
    of(request.model);
    return encodeInfer(await inference.infer(request, context), isRaw);
  },
  [`/${inferenceService}/ServerLive`]: () => encodeFlag(true),
  [`/${inferenceService}/ServerReady`]: () => encodeFlag(inference.repository.isReady()),
  [`/${inferenceService}/ServerMetadata`]: () => encodeServerMetadata(inference.serverMetadata()),
  [`/${inferenceService}/ModelReady`]: (message, _, of) => {
    const { name, version } = decodeModelName(message);
    of(name);
    return encodeFlag(inference.isModelReady(name, version));
  },
  [`/${inferenceService}/ModelMetadata`]: (message, _, of) => {
    const { name, version } = decodeModelName(message);
    of(name);
    return encodeModelMetadata(inference.modelMetadata(name, version));
  },
  [`/${inferenceService}/RepositoryIndex`]: (message) =>
    encodeIndex(inference.repository.index(decodeOnlyReady(message))),
  [`/${healthService}/Check`]: (message) => {
    const [service = ''] = decodeTexts(message, 1);
    if (service !== '' && !services.some((known) => known === service))
      throw new ProtocolError('NotFound', `Cannot check service "${service}": there are ${services.join(' and ')}`);
    return new Writer(8)
      .tag(1, 0)
      .varint(inference.repository.isReady() ? serving : notServing)
      .finish();
  },
});
