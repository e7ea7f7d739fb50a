import { type Environment, readEnvironment } from '@groundswell/pod';
import { z } from 'zod';

/** What the pod of a source gets from its environment, besides what every pod gets (`@groundswell/pod`). */
const Config = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.coerce.number().int().min(0).max(65_535).default(8080),
});

/** @throws Error that lists every variable that is wrong */
export const readConfig = (env: Environment): z.output<typeof Config> =>
  readEnvironment(Config, { host: 'HTTP_HOST', port: 'HTTP_PORT' }, env);
