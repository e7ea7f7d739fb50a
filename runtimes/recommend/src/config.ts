import { type Environment, readEnvironment, scorersUrl } from '@groundswell/pod';
import { z } from 'zod';

/** What the recommender's pod gets from its environment, besides what every pod gets (`@groundswell/pod`). */
const Config = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.coerce.number().int().min(0).max(65_535).default(8080),
  scorers: z.string().default(scorersUrl),
});

export type Config = z.output<typeof Config>;

/** @throws Error that lists every variable that is wrong */
export const readConfig = (env: Environment): Config =>
  readEnvironment(Config, { host: 'HTTP_HOST', port: 'HTTP_PORT', scorers: 'SCORERS_URL' }, env);
