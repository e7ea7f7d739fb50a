import { InferenceSession, Tensor } from 'onnxruntime-node';
import { casesOf, modelFile } from './cases.ts';

/** Rows a second that ONNX Runtime scores in this process, one thread, 64 rows in a run: what no server can pass. */
export const createRaw = async (size = 64): Promise<(seconds: number) => Promise<number>> => {
  const session = await InferenceSession.create(modelFile(), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const [{ rows }] = casesOf(size) as [ReturnType<typeof casesOf>[number]];
  const values = Float32Array.from(rows.flat(), (value) => value ?? Number.NaN);
  const input = new Tensor('float32', values, [size, values.length / size]);
  return async (seconds) => {
    let runs = 0;
    const startedAt = performance.now();
    while (performance.now() - startedAt < seconds * 1000) {
      await session.run({ input }, ['probabilities']);
      runs++;
    }
    return (runs * size * 1000) / (performance.now() - startedAt);
  };
};
