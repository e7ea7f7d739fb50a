import type { PlainTensor } from './oracle.ts';
import type { Random } from './random.ts';
import { type Asked, rawOf, valuesOfRaw } from './tensors.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const jsonValues = ({ datatype, values }: PlainTensor): unknown[] =>
  values.map((value) => {
    if (datatype === 'BOOL') return value === 1;
    if (typeof value === 'bigint') return Number(value);
    return Number.isNaN(value) ? null : value;
  });

/** The JSON of a request; FP16 and some others go in binary behind it. */
export const httpJson = (
  random: Random,
  { inputs }: Asked,
): { readonly json: Record<string, unknown>; readonly binary: Buffer } => {
  const parts: Buffer[] = [];
  const allBinary = random.chance(0.3);
  const listed = inputs.map((input) => {
    const { name, datatype, shape } = input;
    if (!allBinary) return { name, datatype, shape, data: jsonValues(input) };
    const bytes = rawOf(input);
    parts.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const json = { ...(random.chance(0.3) && { id: '17' }), inputs: listed };
  return { json, binary: Buffer.concat(parts) };
};

/** The request that carries it. */
export const httpRequest = (model: string, json: Buffer, binary: Buffer): HttpRequest => ({
  method: 'POST',
  path: `/v2/models/${model}/infer`,
  headers: binary.length === 0 ? {} : { 'inference-header-content-length': String(json.length) },
  body: Buffer.concat([json, binary]),
});

interface JsonTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: unknown;
  readonly parameters?: { readonly binary_data_size?: number };
}

const tensorsOf = (tensors: readonly JsonTensor[], binary: Buffer): readonly PlainTensor[] => {
  let at = 0;
  return tensors.map(({ name, datatype, shape, data, parameters }) => {
    const size = parameters?.binary_data_size;
    if (size === undefined) return { name, datatype, shape, values: [data].flat(Infinity).map(plainOf(datatype)) };
    const values = valuesOfRaw(datatype, binary.subarray(at, at + size));
    at += size;
    return { name, datatype, shape, values: datatype === 'BOOL' ? values.map((v) => (v === 0 ? 0 : 1)) : values };
  });
};

const plainOf =
  (datatype: string) =>
  (value: unknown): number | bigint | string => {
    if (datatype === 'BYTES') return String(value);
    if (value === null) return Number.NaN;
    if (datatype === 'INT64' || datatype === 'UINT64') return BigInt(value as number);
    if (datatype === 'FP32') return Math.fround(value as number);
    if (datatype === 'FP16') return Math.f16round(value as number);
    return Number(value);
  };

/** What a body asks or answers; undefined where it is nothing of the kind. */
export const readHttp = (
  body: Buffer,
  headerLength: string | undefined,
  which: 'inputs' | 'outputs',
): readonly PlainTensor[] | undefined => {
  const end = headerLength === undefined ? body.length : Number(headerLength);
  try {
    const json = JSON.parse(body.toString('utf8', 0, end)) as Record<string, JsonTensor[] | undefined>;
    return tensorsOf(json[which] ?? [], body.subarray(end));
  } catch {
    return undefined;
  }
};
