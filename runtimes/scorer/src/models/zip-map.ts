import { MalformedMessageError, Reader, wire } from '../protobuf/reader.ts';
import { Writer } from '../protobuf/writer.ts';

/** Field numbers of onnx.proto. */
const modelGraph = 7;
const graph = { node: 1, output: 12 } as const;
const node = { input: 1, output: 2, opType: 4, domain: 7 } as const;
const float = 1;

/**
 * The ONNX file without ZipMap: converters put it behind a classifier to make each row's probabilities a map, which no
 * protocol of tensors can carry and `onnxruntime-node` cannot read. The matrix that goes into it takes its place, and its
 * name. Other files come back as they are, those that are none as well: ONNX Runtime says what is wrong with them.
 */
export const withoutZipMaps = (file: Uint8Array): Uint8Array => {
  if (!Buffer.from(file.buffer, file.byteOffset, file.length).includes('ZipMap')) return file;
  try {
    return rewritten(file, modelGraph, (each, to) => void to.bytes(modelGraph, withoutInGraph(each)));
  } catch (error) {
    if (error instanceof MalformedMessageError) return file;
    throw error;
  }
};

type Rewrite = (value: Uint8Array, to: Writer) => void;

/** A message with each occurrence of one field rewritten and everything else as it was. */
const rewritten = (message: Uint8Array, field: number, rewrite: Rewrite): Uint8Array => {
  const to = new Writer(message.length + 64);
  const from = new Reader(message);
  for (let start = from.at; from.next(); start = from.at) {
    if (from.field === field && from.wireType === wire.bytes) {
      rewrite(from.raw(), to);
      continue;
    }
    from.skip();
    to.verbatim(message.subarray(start, from.at));
  }
  return to.finish();
};

const withoutInGraph = (message: Uint8Array): Uint8Array => {
  const maps = new Set<string>();
  const nodes = rewritten(message, graph.node, (each, to) => {
    const { opType, input, output } = namesIn(each);
    if (opType !== 'ZipMap') {
      to.bytes(graph.node, each);
      return;
    }
    maps.add(output);
    to.message(
      graph.node,
      (identity) => void identity.string(node.input, input).string(node.output, output).string(node.opType, 'Identity'),
    );
  });
  return rewritten(nodes, graph.output, (each, to) => {
    const name = textOf(each, 1);
    if (maps.has(name)) to.message(graph.output, (inner) => writeMatrix(inner, name));
    else to.bytes(graph.output, each);
  });
};

/** A ValueInfoProto: float [rows, classes], both of any length. */
const writeMatrix = (to: Writer, name: string): void => {
  to.string(1, name).message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.tag(1, wire.varint).varint(float);
      tensor.message(2, (shape) => {
        for (const dimension of ['rows', 'classes']) shape.message(1, (each) => void each.string(2, dimension));
      });
    });
  });
};

const namesIn = (message: Uint8Array) => ({
  opType: textOf(message, node.opType),
  input: textOf(message, node.input),
  output: textOf(message, node.output),
});

const textOf = (message: Uint8Array, field: number): string => {
  const from = new Reader(message);
  while (from.next()) {
    if (from.field === field && from.wireType === wire.bytes) return from.string();
    from.skip();
  }
  return '';
};
