import { valuesOf } from './json-values.ts';
import type { InferRequest, InferResponse, Parameter, Parameters, TensorHead } from './request.ts';
import { invalid, ProtocolError } from './status.ts';
import { decodeRaw, encodeRaw, sizeOf, type Tensor, type TensorData } from './tensor.ts';
import { tensorHead } from './tensor-head.ts';

/** A request over HTTP, and which of its outputs are wanted in binary form. */
export interface DecodedJson {
  readonly request: InferRequest;
  readonly isBinary: (output: string) => boolean;
}

interface Addressed {
  readonly model: string;
  readonly version: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIn = (value: unknown, what: string): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  throw invalid(`Cannot read the request: ${what} is no text, one is needed`);
};

const listIn = (value: unknown, what: string): readonly Readonly<Record<string, unknown>>[] => {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw invalid(`Cannot read the request: ${what} is no list of objects, one is needed`);
};

const parametersIn = (value: unknown, what: string): Parameters => {
  if (value === undefined) return {};
  if (!isObject(value)) throw invalid(`Cannot read the request: ${what} is no object, one is needed`);
  const known = Object.entries(value).filter((entry): entry is [string, Parameter] =>
    ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return Object.fromEntries(known);
};

/**
 * Reads the JSON of an inference request, and the tensors that stand in binary behind it (the binary tensor data extension).
 *
 * @throws ProtocolError saying what is wrong
 */
export const decodeJson = (json: Uint8Array, binary: Uint8Array, { model, version }: Addressed): DecodedJson => {
  const body = parse(json);
  const parameters = parametersIn(body['parameters'], 'parameters');
  const outputs = listIn(body['outputs'], 'outputs').map((output) => ({
    name: textIn(output['name'], 'the name of an output'),
    binary: parametersIn(output['parameters'], 'parameters of an output')['binary_data'],
  }));
  const inputs = decodeInputs(listIn(body['inputs'], 'inputs'), binary);
  const byName = new Map(outputs.map(({ name, binary: wanted }) => [name, wanted]));
  const otherwise = parameters['binary_data_output'] === true;
  return {
    request: {
      model,
      version,
      id: textIn(body['id'], 'id'),
      parameters,
      inputs,
      outputs: outputs.map(({ name }) => name),
    },
    isBinary: (output) => (byName.get(output) ?? otherwise) === true,
  };
};

const parse = (json: Uint8Array): Readonly<Record<string, unknown>> => {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString('utf8'));
  } catch (cause) {
    throw new ProtocolError(
      'InvalidArgument',
      'Cannot read the request: it is no JSON, an object with inputs is needed',
      { cause },
    );
  }
  if (isObject(body)) return body;
  throw invalid('Cannot read the request: it is no JSON object, one with inputs is needed');
};

const decodeInputs = (inputs: readonly Readonly<Record<string, unknown>>[], binary: Uint8Array): readonly Tensor[] => {
  let at = 0;
  const tensors = inputs.map((input): Tensor => {
    const shape = input['shape'];
    if (!Array.isArray(shape))
      throw invalid('Cannot read the request: the shape of an input is no list, one is needed');
    const head = tensorHead(
      textIn(input['name'], 'the name of an input'),
      textIn(input['datatype'], 'a datatype'),
      shape,
    );
    const length = parametersIn(input['parameters'], 'parameters of an input')['binary_data_size'];
    if (length === undefined) return { ...head, data: valuesOf(head, input['data']) };
    if (input['data'] !== undefined)
      throw invalid(`Cannot read tensor "${head.name}": it has data and binary_data_size, one of them is needed`);
    const data = binaryPart(head, { binary, at, length });
    at += Number(length);
    return { ...head, data };
  });
  if (at !== binary.length)
    throw invalid(
      `Cannot read the request: ${binary.length - at} bytes follow those that its inputs announce, none are needed`,
    );
  return tensors;
};

interface Part {
  readonly binary: Uint8Array;
  readonly at: number;
  readonly length: Parameter;
}

const binaryPart = (head: TensorHead, { binary, at, length }: Part): TensorData => {
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0 || length > binary.length - at)
    throw invalid(
      `Cannot read tensor "${head.name}": its binary_data_size ${String(length)} is not what follows the JSON (${binary.length - at} bytes)`,
    );
  return decodeRaw(head, binary.subarray(at, at + length), sizeOf(head.shape));
};

export interface EncodedJson {
  readonly json: Buffer;
  /** What stands behind it; empty where nothing is binary. */
  readonly binary: readonly Uint8Array[];
}

/** @throws ProtocolError for infinite values, which JSON does not have */
export const encodeJson = (response: InferResponse, isBinary: (output: string) => boolean): EncodedJson => {
  const binary: Uint8Array[] = [];
  const outputs = response.outputs.map((tensor) => {
    const { name, datatype, shape } = tensor;
    if (!isBinary(name))
      return `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}],"data":${textOfValues(tensor)}}`;
    const bytes = encodeRaw(tensor.data);
    binary.push(bytes);
    return JSON.stringify({ name, datatype, shape, parameters: { binary_data_size: bytes.length } });
  });
  const { model, version, id } = response;
  const head = JSON.stringify({ model_name: model, model_version: version, ...(id !== '' && { id }) }).slice(0, -1);
  return { json: Buffer.from(`${head},"outputs":[${outputs.join(',')}]}`), binary };
};

/** NaN is null: JSON has no other word for it. */
const textOfValues = ({ name, datatype, data }: Tensor): string => {
  if (datatype === 'BYTES') return JSON.stringify(data);
  if (datatype === 'BOOL') return `[${Array.from(data as Uint8Array, (value) => value !== 0).join(',')}]`;
  const texts: string[] = [];
  for (const value of data as Iterable<number | bigint>) {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      throw new ProtocolError(
        'Internal',
        `Cannot write output "${name}": it has infinite values, ask for it in binary form`,
      );
    texts.push(Number.isNaN(value) ? 'null' : shortest(value, datatype));
  }
  return `[${texts.join(',')}]`;
};

/** Nine digits tell any two float32 apart, and a double would show seven more that mean nothing. */
const shortest = (value: number | bigint, datatype: Tensor['datatype']): string =>
  datatype === 'FP32' ? String(Number((value as number).toPrecision(9))) : String(value);
