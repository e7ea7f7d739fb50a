import { createExecutor, type Limits } from '../models/executor.ts';
import { isBatchable } from '../models/probe.ts';
import { openSession } from '../models/session.ts';
import type { ServedModel } from './repository.ts';

export interface FileOptions {
  readonly limits: Limits;
  readonly threads: number;
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
}

/** An ONNX file of any kind as a model with one version. @throws Error where ONNX Runtime does not take it */
export const serveFile = async (
  name: string,
  file: Uint8Array,
  { limits, threads, ...requests }: FileOptions,
): Promise<ServedModel & { close(): Promise<void> }> => {
  const session = await openSession(file, { threads });
  const executor = createExecutor({ session, isBatchable: await isBatchable(session), limits, onRun: () => undefined });
  const version = { name: '1', executor, problem: undefined };
  return {
    name,
    limits: () => requests,
    keys: [],
    versions: () => [version],
    choose: () => version,
    close: executor.close,
  };
};
