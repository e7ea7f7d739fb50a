import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const root = protobuf.parse(
  readFileSync(join(import.meta.dirname, '..', 'src', 'oip', 'inference.proto'), 'utf8'),
  new protobuf.Root(),
  { keepCase: true },
).root;

/** Encodes and decodes by the .proto file, with protobufjs: what our own codec is held to. */
export const encodeBy = (type: string, value: object): Uint8Array => {
  const message = root.lookupType(`inference.${type}`);
  return message.encode(message.fromObject(value)).finish();
};

export const decodeBy = (type: string, bytes: Uint8Array): Record<string, unknown> => {
  const message = root.lookupType(`inference.${type}`);
  return message.toObject(message.decode(bytes), { longs: String, arrays: true, bytes: Array });
};
