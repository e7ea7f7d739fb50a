import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBy, encodeBy } from '../../../runtimes/scorer/test/proto.ts';
import { servingModels } from '../../serving/models.ts';

/** XGBoost, 300 trees of depth 6, 32 features: the model of all scoring benches. */
export const modelName = 'xgboost';
const width = 32;
/** Requests take turns, so that nothing gains by remembering an answer. */
const turns = 16;

export const modelFile = (): string => join(servingModels(), `${modelName}.onnx`);

interface Values {
  readonly values: readonly (number | null)[];
}

/** What is asked, and what XGBoost itself answers. */
export interface Case {
  /** float32; null is missing. */
  readonly rows: readonly (readonly (number | null)[])[];
  /** Both classes of each row. */
  readonly probabilities: readonly number[];
}

/** Requests of `size` rows. */
export const casesOf = (size: number): readonly Case[] => {
  const text = readFileSync(join(servingModels(), `${modelName}.json`), 'utf8');
  const known = JSON.parse(text) as { inputs: Record<string, Values>; outputs: Record<string, Values> };
  const input = known.inputs['input']?.values ?? [];
  const output = known.outputs['probabilities']?.values ?? [];
  const count = input.length / width;
  return Array.from({ length: turns }, (_, turn) => {
    const places = Array.from({ length: size }, (_, i) => (turn * size + i) % count);
    return {
      rows: places.map((place) => input.slice(place * width, (place + 1) * width)),
      probabilities: places.flatMap((place) => output.slice(2 * place, 2 * place + 2) as number[]),
    };
  });
};

/** A ModelInferRequest with the frame of gRPC around it. */
export const grpcBody = ({ rows }: Case): Buffer => {
  const values = Float32Array.from(rows.flat(), (value) => value ?? Number.NaN);
  const message = encodeBy('ModelInferRequest', {
    model_name: modelName,
    id: '1',
    inputs: [{ name: 'input', datatype: 'FP32', shape: [rows.length, width] }],
    outputs: [{ name: 'probabilities' }],
    raw_input_contents: [new Uint8Array(values.buffer)],
  });
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
};

export const grpcProbabilities = (answer: Buffer): readonly number[] => {
  const { outputs, raw_output_contents } = decodeBy('ModelInferResponse', answer.subarray(5)) as {
    outputs: { contents?: { fp32_contents: number[] } }[];
    raw_output_contents: number[][];
  };
  const [raw] = raw_output_contents;
  if (raw === undefined) return outputs[0]?.contents?.fp32_contents ?? [];
  return [...new Float32Array(Uint8Array.from(raw).buffer)];
};

/** The Open Inference Protocol as JSON. */
export const httpBody = ({ rows }: Case): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: '1',
      inputs: [{ name: 'input', datatype: 'FP32', shape: [rows.length, width], data: rows.flat() }],
      outputs: [{ name: 'probabilities' }],
    }),
  );

export const httpProbabilities = (answer: Buffer): readonly number[] =>
  (JSON.parse(answer.toString()) as { outputs: { data: number[] }[] }).outputs[0]?.data ?? [];

export const flaskBody = ({ rows }: Case): Buffer => Buffer.from(JSON.stringify({ rows }));

export const flaskProbabilities = (answer: Buffer): readonly number[] =>
  (JSON.parse(answer.toString()) as { probabilities: number[] }).probabilities;
