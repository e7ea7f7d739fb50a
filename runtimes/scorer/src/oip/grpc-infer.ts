import { MalformedMessageError, Reader, wire } from '../protobuf/reader.ts';
import { Writer } from '../protobuf/writer.ts';
import { contentsOf, decodeContents } from './grpc-contents.ts';
import type { InferRequest, InferResponse, Parameter } from './request.ts';
import { invalid } from './status.ts';
import { type DataType, decodeRaw, encodeRaw, sizeOf, type Tensor } from './tensor.ts';
import { tensorHead } from './tensor-head.ts';

/** A request, and whether its tensors came raw; the response then goes raw as well. */
export interface DecodedInfer {
  readonly request: InferRequest;
  readonly isRaw: boolean;
}

interface InputDraft {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly contents: readonly Reader[];
}

/** @throws ProtocolError where the message is malformed, or its tensors are not what their shapes and types say */
export const decodeInfer = (bytes: Uint8Array): DecodedInfer => {
  try {
    return decodeRequest(new Reader(bytes));
  } catch (error) {
    if (error instanceof MalformedMessageError)
      throw invalid(`Cannot read the request: ${error.message}, a ModelInferRequest is needed`);
    throw error;
  }
};

const decodeRequest = (from: Reader): DecodedInfer => {
  let [model, version, id] = ['', '', ''];
  const parameters: Record<string, Parameter> = {};
  const drafts: InputDraft[] = [];
  const outputs: string[] = [];
  const raw: Uint8Array[] = [];
  while (from.next()) {
    if (from.field > 7) {
      from.skip();
      continue;
    }
    from.expect(wire.bytes);
    if (from.field === 1) model = from.string();
    else if (from.field === 2) version = from.string();
    else if (from.field === 3) id = from.string();
    else if (from.field === 4) readParameter(from.range(), parameters);
    else if (from.field === 5) drafts.push(readInput(from.range()));
    else if (from.field === 6) outputs.push(readName(from.range()));
    else raw.push(from.raw());
  }
  return { request: { model, version, id, parameters, inputs: inputsOf(drafts, raw), outputs }, isRaw: raw.length > 0 };
};

const readInput = (from: Reader): InputDraft => {
  let [name, datatype] = ['', ''];
  const shape: number[] = [];
  const contents: Reader[] = [];
  while (from.next()) {
    if (from.field === 1) name = text(from);
    else if (from.field === 2) datatype = text(from);
    else if (from.field === 3) readShape(from, shape);
    else if (from.field === 5) {
      from.expect(wire.bytes);
      contents.push(from.range());
    } else from.skip();
  }
  return { name, datatype, shape, contents };
};

const text = (from: Reader): string => {
  from.expect(wire.bytes);
  return from.string();
};

const readShape = (from: Reader, shape: number[]): void => {
  if (from.wireType === wire.varint) {
    shape.push(from.int64AsNumber());
    return;
  }
  from.expect(wire.bytes);
  const packed = from.range();
  while (packed.at < packed.end) shape.push(packed.int64AsNumber());
};

const readName = (from: Reader): string => {
  let name = '';
  while (from.next()) {
    if (from.field === 1) name = text(from);
    else from.skip();
  }
  return name;
};

/** An entry of map<string, InferParameter>. */
const readParameter = (from: Reader, into: Record<string, Parameter>): void => {
  let key = '';
  let value: Parameter | undefined;
  while (from.next()) {
    if (from.field === 1) key = text(from);
    else if (from.field === 2) {
      from.expect(wire.bytes);
      value = readChoice(from.range());
    } else from.skip();
  }
  if (value !== undefined && key !== '__proto__') into[key] = value;
};

const readChoice = (from: Reader): Parameter | undefined => {
  let value: Parameter | undefined;
  while (from.next()) {
    if (from.field === 1) value = from.bool();
    else if (from.field === 2) value = from.int64();
    else if (from.field === 3) value = text(from);
    else if (from.field === 4) value = from.double();
    else if (from.field === 5) value = from.uint64();
    else from.skip();
  }
  return value;
};

const inputsOf = (drafts: readonly InputDraft[], raw: readonly Uint8Array[]): readonly Tensor[] => {
  if (raw.length > 0 && raw.length !== drafts.length)
    throw invalid(
      `Cannot read the request: it has ${raw.length} raw_input_contents for ${drafts.length} inputs, one for each is needed`,
    );
  return drafts.map((draft, i) => {
    const head = tensorHead(draft.name, draft.datatype, draft.shape);
    const size = sizeOf(head.shape);
    const bytes = raw[i];
    if (bytes === undefined) return { ...head, data: decodeContents(head, draft.contents, size) };
    if (draft.contents.some((part) => part.at < part.end))
      throw invalid(
        `Cannot read tensor "${draft.name}": it has contents beside raw_input_contents, one of them is needed`,
      );
    return { ...head, data: decodeRaw(head, bytes, size) };
  });
};

/** @param asRaw  as in the request */
export const encodeInfer = ({ model, version, id, outputs }: InferResponse, asRaw: boolean): Uint8Array => {
  const raw = asRaw || outputs.some(({ datatype }) => contentsOf[datatype] === undefined);
  let room = 128;
  for (const { data } of outputs) room += 64 + data.length * 10;
  const to = new Writer(Math.min(room, 1 << 16)).string(1, model).string(2, version);
  if (id !== '') to.string(3, id);
  for (const output of outputs) to.message(5, (inner) => writeOutput(inner, output, raw));
  if (raw) for (const { data } of outputs) to.bytes(6, encodeRaw(data));
  return to.finish();
};

const writeOutput = (to: Writer, { name, datatype, shape, data }: Tensor, raw: boolean): void => {
  to.string(1, name).string(2, datatype);
  to.message(3, (packed) => {
    for (const length of shape) packed.varint(length);
  });
  if (!raw) to.message(5, (contents) => writeContents(contents, datatype, data));
};

const encoder = new TextEncoder();

const writeContents = (to: Writer, datatype: DataType, data: Tensor['data']): void => {
  const list = contentsOf[datatype];
  if (list === undefined) throw new TypeError(`Cannot write ${datatype} as contents`);
  if (datatype === 'BYTES') for (const value of data as readonly string[]) to.bytes(list.field, encoder.encode(value));
  else if (list.wireType !== wire.varint) to.bytes(list.field, encodeRaw(data));
  else
    to.message(list.field, (packed) => {
      for (const value of data as Iterable<number | bigint>) {
        if (typeof value === 'number' && value >= 0) packed.varint(value);
        else packed.signed(BigInt(value));
      }
    });
};
