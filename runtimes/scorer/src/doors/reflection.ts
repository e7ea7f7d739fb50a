import { descriptors } from '../oip/descriptors.ts';
import { invalid } from '../oip/status.ts';
import { MalformedMessageError, Reader, wire } from '../protobuf/reader.ts';
import { Writer } from '../protobuf/writer.ts';
import { services } from './grpc-methods.ts';

/** Both versions have the same messages. */
export const reflectionPaths: readonly string[] = ['v1', 'v1alpha'].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

const notFound = 5;

/** Which file declares what lies under these names. */
const fileOfPackage: Readonly<Record<string, string>> = {
  inference: 'inference.proto',
  'grpc.health.v1': 'health.proto',
};

const bytesOf = (file: string): Uint8Array | undefined => {
  const text = Object.hasOwn(descriptors, file) ? descriptors[file] : undefined;
  return text === undefined ? undefined : Buffer.from(text, 'base64');
};

const fileOfSymbol = (symbol: string): string => {
  const found = Object.entries(fileOfPackage).find(([name]) => symbol === name || symbol.startsWith(`${name}.`));
  return found?.[1] ?? '';
};

/** Answers a ServerReflectionRequest with a ServerReflectionResponse. @throws ProtocolError for what is no such message */
export const reflect = (message: Uint8Array): Uint8Array => {
  const [field, text] = questionOf(message);
  const to = new Writer(512).bytes(2, message);
  if (field === 7) {
    to.message(6, (list) => {
      for (const name of services) list.message(1, (service) => void service.string(1, name));
    });
    return to.finish();
  }
  const file = field === 3 ? bytesOf(text) : field === 4 ? bytesOf(fileOfSymbol(text)) : undefined;
  if (file !== undefined) to.message(4, (found) => void found.bytes(1, file));
  else
    to.message(
      7,
      (error) =>
        void error
          .tag(1, wire.varint)
          .varint(notFound)
          .string(2, `Cannot find ${JSON.stringify(text)}: nothing of that name is described`),
    );
  return to.finish();
};

/** The field of what is asked, and its text. */
const questionOf = (message: Uint8Array): readonly [field: number, text: string] => {
  try {
    const from = new Reader(message);
    let question: readonly [number, string] = [0, ''];
    while (from.next()) {
      const { field } = from;
      if (field >= 3 && field <= 7 && field !== 5 && from.wireType === wire.bytes) question = [field, from.string()];
      else from.skip();
    }
    return question;
  } catch (error) {
    if (error instanceof MalformedMessageError)
      throw invalid(`Cannot read the request: ${error.message}, a ServerReflectionRequest is needed`);
    throw error;
  }
};
