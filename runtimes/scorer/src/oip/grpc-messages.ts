import { MalformedMessageError, Reader, wire } from '../protobuf/reader.ts';
import { Writer } from '../protobuf/writer.ts';
import type { IndexEntry, ModelMetadata, ServerMetadata, TensorHead } from './request.ts';
import { invalid } from './status.ts';

/** The two texts that requests about a model have: name and version. Other fields are passed over. */
export const decodeModelName = (bytes: Uint8Array): { readonly name: string; readonly version: string } => {
  const [name = '', version = ''] = decodeTexts(bytes, 2);
  return { name, version };
};

/** Texts by field number from 1 on. @throws ProtocolError for what is no message */
export const decodeTexts = (bytes: Uint8Array, count: number): readonly string[] => {
  const texts = new Array<string>(count).fill('');
  try {
    const from = new Reader(bytes);
    while (from.next()) {
      if (from.field > count || from.wireType !== wire.bytes) from.skip();
      else texts[from.field - 1] = from.string();
    }
  } catch (error) {
    if (error instanceof MalformedMessageError)
      throw invalid(`Cannot read the request: ${error.message}, a message of the protocol is needed`);
    throw error;
  }
  return texts;
};

/** The `ready` of a RepositoryIndexRequest. */
export const decodeOnlyReady = (bytes: Uint8Array): boolean => {
  try {
    const from = new Reader(bytes);
    let ready = false;
    while (from.next()) {
      if (from.field === 2 && from.wireType === wire.varint) ready = from.bool();
      else from.skip();
    }
    return ready;
  } catch (error) {
    if (error instanceof MalformedMessageError)
      throw invalid(`Cannot read the request: ${error.message}, a RepositoryIndexRequest is needed`);
    throw error;
  }
};

/** ServerLiveResponse, ServerReadyResponse and ModelReadyResponse are one bool each. */
export const encodeFlag = (flag: boolean): Uint8Array =>
  flag ? new Writer(8).bool(1, true).finish() : new Uint8Array();

export const encodeServerMetadata = ({ name, version, extensions }: ServerMetadata): Uint8Array => {
  const to = new Writer().string(1, name).string(2, version);
  for (const extension of extensions) to.string(3, extension);
  return to.finish();
};

const writeHead = (to: Writer, { name, datatype, shape }: TensorHead): void => {
  to.string(1, name)
    .string(2, datatype)
    .message(3, (packed) => {
      for (const length of shape) packed.signed(BigInt(length));
    });
};

export const encodeModelMetadata = ({ name, versions, platform, inputs, outputs }: ModelMetadata): Uint8Array => {
  const to = new Writer().string(1, name);
  for (const version of versions) to.string(2, version);
  to.string(3, platform);
  for (const head of inputs) to.message(4, (inner) => writeHead(inner, head));
  for (const head of outputs) to.message(5, (inner) => writeHead(inner, head));
  return to.finish();
};

export const encodeIndex = (entries: readonly IndexEntry[]): Uint8Array => {
  const to = new Writer();
  for (const { name, version, state, reason } of entries)
    to.message(1, (inner) => void inner.string(1, name).string(2, version).string(3, state).string(4, reason));
  return to.finish();
};
