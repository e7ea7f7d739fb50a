import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createLogger, createMetrics } from '@groundswell/process';
import { createDoors, serveFile, threadsOf } from '@groundswell/scorer';

export interface ServeOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly maxRows: number;
  readonly maxQueue: number;
  readonly threads?: number;
  /** ms. */
  readonly maxWait: number;
  readonly deadline: number;
  /** Bytes. */
  readonly maxBody: number;
  readonly logLevel: string;
}

/** `name=file`, or a file that gives its own name. */
const namedOf = (model: string): { readonly name: string; readonly path: string } => {
  const at = model.indexOf('=');
  if (at > 0) return { name: model.slice(0, at), path: model.slice(at + 1) };
  return { name: basename(model).replace(/\.onnx$/, ''), path: model };
};

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });

/** Serves ONNX files of any kind by the Open Inference Protocol, without resources, until it is told to stop. */
export const serve = async (models: readonly string[], options: ServeOptions): Promise<void> => {
  const { host, httpPort, grpcPort, maxRows, maxWait, maxQueue, threads = threadsOf() } = options;
  const logger = createLogger('serve', options.logLevel);
  const doors = createDoors({ host, ports: { http: httpPort, grpc: grpcPort }, metrics: createMetrics(), logger });
  const limits = { maxRows, maxWaitMs: maxWait, maxQueue };
  const files = await Promise.all(
    models.map(namedOf).map(async ({ name, path }) =>
      serveFile(name, await readFile(path), {
        limits,
        threads,
        deadlineMs: options.deadline,
        maxBodyBytes: options.maxBody,
      }).catch((cause: unknown) => {
        const says = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
        throw new Error(`Cannot serve "${path}": ONNX Runtime does not take it (${says}), an ONNX model is needed`, {
          cause,
        });
      }),
    ),
  );
  for (const file of files) await doors.offer(file, ['http', 'grpc']);
  const { http, grpc } = doors.ports();
  process.stdout.write(
    `Serving ${files.length} models at http://${host}:${http}/v2 and ${host}:${grpc} (gRPC); Ctrl-C ends\n`,
  );
  await stopped();
  await doors.close();
  await Promise.all(files.map((file) => file.close()));
};
