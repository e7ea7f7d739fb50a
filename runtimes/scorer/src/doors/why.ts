import type { Reason } from '@groundswell/wire';
import type { InferRequest } from '../oip/request.ts';
import { invalid } from '../oip/status.ts';
import type { Tensor } from '../oip/tensor.ts';

/** Rows of one request that are told why: some milliseconds each. */
export const mostExplained = 100;

/** For each row, strongest first. @param rows  float32, row-major, as the model takes them */
export type ReasonsOf = (version: string, rows: Float32Array) => Promise<readonly (readonly Reason[])[]>;

/** The output with the reasons of each row: JSON, as `why` of a score by key. */
const output = 'reasons';

/** What the parameter `why` asks for; nothing where it is not there. Called with the version that answered. @throws ProtocolError */
export const whyOf = (
  { name, reasons }: { readonly name: string; readonly reasons?: ReasonsOf },
  { parameters, inputs }: InferRequest,
): ((version: string) => Promise<Tensor>) | undefined => {
  const { why = false } = parameters;
  if (why === false) return undefined;
  if (why !== true) throw invalid(`Cannot say why: the parameter why is ${String(why)}, true or false is needed`);
  if (reasons === undefined)
    throw invalid(`Cannot say why: model "${name}" is a file that names no features, a ScoringModel is needed`);
  const rows = inputs[0]?.shape[0] ?? 0;
  if (rows > mostExplained)
    throw invalid(`Cannot say why: the request has ${rows} rows, ${mostExplained} at most are explained`);
  return async (version) => {
    const told = await reasons(version, inputs[0]?.data as Float32Array);
    return { name: output, datatype: 'BYTES', shape: [rows], data: told.map((each) => JSON.stringify(each)) };
  };
};
