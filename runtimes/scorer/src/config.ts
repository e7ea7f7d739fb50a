import { type Environment, readEnvironment } from '@groundswell/pod';
import { z } from 'zod';

const port = (standard: number) => z.coerce.number().int().min(0).max(65_535).default(standard);

/** What the scorer's pod gets from its environment, besides what every pod gets (`@groundswell/pod`). */
const Config = z.strictObject({
  host: z.string().default('0.0.0.0'),
  http: port(8000),
  grpc: port(8001),
  /** Where relative paths of artifacts begin. */
  directory: z.string().default('/models'),
  /** Where claims, ConfigMaps and Secrets of artifacts are mounted. */
  mounts: z.string().default('/etc/groundswell-artifacts'),
  /** For what was downloaded. */
  cache: z.string().default('/tmp/artifacts'),
});

export type Config = z.output<typeof Config>;

/** @throws Error that lists every variable that is wrong */
export const readConfig = (env: Environment): Config =>
  readEnvironment(
    Config,
    {
      ...{ host: 'SERVING_HOST', http: 'SERVING_HTTP_PORT', grpc: 'SERVING_GRPC_PORT' },
      ...{ directory: 'MODEL_DIRECTORY', mounts: 'ARTIFACT_MOUNTS', cache: 'ARTIFACT_CACHE' },
    },
    env,
  );
