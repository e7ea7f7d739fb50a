import { type Environment, readEnvironment } from '@groundswell/pod';
import { z } from 'zod';

/** What the pod of a training run gets from its environment, besides what every pod gets (`@groundswell/pod`). */
const Config = z.strictObject({
  /** Of this run, and gone with it: rows, and what the trainer makes of them. */
  folder: z.string().min(1),
  /** Where claims, ConfigMaps and Secrets of artifacts are mounted. */
  mounts: z.string().default('/etc/groundswell-artifacts'),
  /** The ConfigMap with what is known from one run to the next. */
  state: z.string().min(1),
});
export type Config = z.output<typeof Config>;

/** @throws Error that lists every variable that is missing or wrong */
export const readJobConfig = (env: Environment): Config =>
  readEnvironment(Config, { folder: 'TRAINING_FOLDER', mounts: 'ARTIFACT_MOUNTS', state: 'TRAINING_CONFIG_MAP' }, env);
