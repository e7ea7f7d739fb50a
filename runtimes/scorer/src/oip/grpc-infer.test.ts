import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBy, encodeBy } from '../../test/proto.ts';
import { contentsOf } from './grpc-contents.ts';
import { decodeInfer, encodeInfer } from './grpc-infer.ts';
import { ProtocolError } from './status.ts';
import { type DataType, dataTypes, encodeRaw, type Tensor } from './tensor.ts';

const types = Object.keys(dataTypes) as DataType[];
const ranges: Partial<Record<DataType, fc.Arbitrary<unknown>>> = {
  BOOL: fc.constantFrom(0, 1),
  UINT8: fc.nat(255),
  UINT16: fc.nat(65_535),
  UINT32: fc.nat(4_294_967_295),
  UINT64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  INT8: fc.integer({ min: -128, max: 127 }),
  INT16: fc.integer({ min: -32_768, max: 32_767 }),
  INT32: fc.integer(),
  INT64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  FP16: fc.constantFrom(0, 1.5, -2, Number.NaN, Number.POSITIVE_INFINITY),
  FP32: fc.float(),
  FP64: fc.double(),
  BYTES: fc.string({ unit: 'grapheme' }),
};

const tensor: fc.Arbitrary<Tensor> = fc
  .record({
    datatype: fc.constantFrom(...types),
    rows: fc.nat(4),
    columns: fc.nat(4),
    name: fc.string({ minLength: 1 }),
  })
  .chain(({ datatype, rows, columns, name }) =>
    fc
      .array(ranges[datatype] as fc.Arbitrary<never>, { minLength: rows * columns, maxLength: rows * columns })
      .map((values): Tensor => {
        const { array } = dataTypes[datatype];
        const data = array === undefined ? values : (array as Float32ArrayConstructor).from(values);
        return { name, datatype, shape: [rows, columns], data };
      }),
  );

const plain = (data: Tensor['data']): unknown[] =>
  Array.from(data as Iterable<unknown>, (value) => (typeof value === 'bigint' ? String(value) : value));
const inContents = (each: Tensor) => ({
  [contentsOf[each.datatype]?.name ?? '']: plain(each.data).map((value) =>
    each.datatype === 'BYTES' ? new TextEncoder().encode(String(value)) : value,
  ),
});

test('a request is read as protobufjs wrote it, typed or raw, wherever its bytes lie', () => {
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 4 }), fc.boolean(), fc.nat(9), (tensors, raw, offset) => {
      const inputs = tensors.filter(({ datatype }) => raw || contentsOf[datatype] !== undefined);
      const encoded = encodeBy('ModelInferRequest', {
        ...{ model_name: 'm', model_version: 'v', id: 'i' },
        parameters: { key: { string_param: 'k' }, timeout: { int64_param: 7 }, odd: { bool_param: true } },
        inputs: inputs.map((each) => ({
          name: each.name,
          datatype: each.datatype,
          shape: each.shape,
          ...(!raw && { contents: inContents(each) }),
        })),
        outputs: [{ name: 'o' }],
        ...(raw && { raw_input_contents: inputs.map(({ data }) => encodeRaw(data)) }),
      });
      // At any place of a larger buffer, as chunks of a socket lie.
      const shifted = Buffer.alloc(encoded.length + offset);
      shifted.set(encoded, offset);
      const { request, isRaw } = decodeInfer(shifted.subarray(offset));
      expect(isRaw).toBe(raw && inputs.length > 0);
      expect(request).toMatchObject({
        model: 'm',
        version: 'v',
        id: 'i',
        outputs: ['o'],
        parameters: { key: 'k', timeout: 7n, odd: true },
      });
      expect(request.inputs.map(({ data, ...head }) => ({ ...head, data: plain(data) }))).toEqual(
        inputs.map(({ data, ...head }) => ({ ...head, data: plain(data) })),
      );
    }),
  );
});

test('a response is what protobufjs reads, typed or raw', () => {
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 4 }), fc.boolean(), (outputs, asRaw) => {
      const bytes = encodeInfer({ model: 'm', version: 'v', id: 'i', outputs }, asRaw);
      const decoded = decodeBy('ModelInferResponse', bytes);
      const raw = asRaw || outputs.some(({ datatype }) => datatype === 'FP16');
      expect(decoded).toMatchObject({ model_name: 'm', model_version: 'v', id: 'i' });
      const heads = decoded['outputs'] as { name: string; shape: string[]; contents?: Record<string, unknown[]> }[];
      expect(heads.map(({ name, shape }) => ({ name, shape }))).toEqual(
        outputs.map(({ name, shape }) => ({ name, shape: shape.map(String) })),
      );
      if (raw) expect(decoded['raw_output_contents']).toEqual(outputs.map(({ data }) => [...encodeRaw(data)]));
      else
        for (const [i, { datatype, data }] of outputs.entries()) {
          const values = heads[i]?.contents?.[contentsOf[datatype]?.name ?? ''] ?? [];
          expect(
            values.map((value) =>
              datatype === 'BYTES'
                ? Buffer.from(value as number[]).toString()
                : typeof value === 'boolean'
                  ? Number(value)
                  : value,
            ),
          ).toEqual(plain(data));
        }
    }),
  );
});

test('bytes that are no request are refused, never anything else', () => {
  const whole = encodeBy('ModelInferRequest', {
    model_name: 'm',
    inputs: [{ name: 'a', datatype: 'FP32', shape: [2], contents: { fp32_contents: [1, 2] } }],
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(whole.length), fc.nat(whole.length), (noise, from, cut) => {
      for (const bytes of [
        noise,
        whole.subarray(0, cut),
        Buffer.concat([whole.subarray(0, from), noise, whole.subarray(cut)]),
      ]) {
        try {
          decodeInfer(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

const request = (input: object, over: object = {}) =>
  encodeBy('ModelInferRequest', { inputs: [{ name: 'a', datatype: 'FP32', shape: [2], ...input }], ...over });

test.each([
  { bytes: request({ contents: { fp32_contents: [1] } }), says: 'tensor "a": it has 1 values, its shape needs 2' },
  {
    bytes: request({ contents: { fp32_contents: [1, 2, 3] } }),
    says: 'tensor "a": it has 3 values, its shape needs 2',
  },
  {
    bytes: request({ contents: { int_contents: [1, 2] } }),
    says: 'tensor "a": FP32 has its values in fp32_contents, another list is filled',
  },
  {
    bytes: request({ datatype: 'INT8', contents: { int_contents: [1, 300] } }),
    says: 'tensor "a": 300 is out of the range of INT8',
  },
  {
    bytes: request({ datatype: 'FP16', contents: { fp32_contents: [1, 2] } }),
    says: 'FP16 has no typed contents, send it raw',
  },
  { bytes: request({ datatype: 'FLOAT' }), says: '"FLOAT" is no datatype of the protocol' },
  { bytes: request({ shape: [-1] }), says: 'its shape has -1' },
  { bytes: request({ shape: [2 ** 40, 2 ** 40] }), says: 'has more values than fit into a request' },
  { bytes: request({ name: '' }), says: 'it has no name' },
  {
    bytes: request({}, { raw_input_contents: [new Uint8Array(7)] }),
    says: 'it has 7 bytes, its shape and type need 8',
  },
  {
    bytes: request({}, { raw_input_contents: [new Uint8Array(8), new Uint8Array(8)] }),
    says: '2 raw_input_contents for 1 inputs',
  },
  {
    bytes: request({ contents: { fp32_contents: [1, 2] } }, { raw_input_contents: [new Uint8Array(8)] }),
    says: 'contents beside raw_input_contents',
  },
  {
    bytes: request({ datatype: 'BYTES', shape: [1] }, { raw_input_contents: [Uint8Array.of(9, 0, 0, 0, 65)] }),
    says: 'it ends within an element',
  },
  {
    bytes: request({ datatype: 'BYTES', shape: [1] }, { raw_input_contents: [Uint8Array.of(1, 0, 0, 0, 0xff)] }),
    says: 'an element is not UTF-8',
  },
])('a request is refused: $says', ({ bytes, says }) => {
  expect(() => decodeInfer(bytes)).toThrow(says);
});
