import { stringify } from 'yaml';
import { readRollouts } from '../client/read-rollouts.ts';
import { renderRollout } from '../client/rollouts.ts';

export interface RolloutsCommandOptions {
  readonly url: string;
  readonly output: 'table' | 'json' | 'yaml';
}

export const rolloutsCommand = async (model: string | undefined, options: RolloutsCommandOptions): Promise<void> => {
  const all = await readRollouts(options.url);
  const found = model === undefined ? all : all.filter((rollout) => rollout.model === model);
  if (model !== undefined && found.length === 0) {
    const names = all.map((rollout) => `"${rollout.model}"`).join(', ') || 'none';
    throw new Error(`Cannot find a rollout of model "${model}": there is ${names}, one of these names is needed`);
  }
  const write = (text: string): boolean => process.stdout.write(`${text}\n`);
  if (options.output === 'json') write(JSON.stringify({ rollouts: found }));
  else if (options.output === 'yaml') process.stdout.write(stringify({ rollouts: found }));
  else if (found.length === 0) write('No model of the pipeline has a rollout that has scored something yet.');
  else write(found.map((rollout) => renderRollout(rollout).join('\n')).join('\n\n'));
};
