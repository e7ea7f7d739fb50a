import { Rollouts } from '@groundswell/wire';
import { ask } from '../remote/ask.ts';
import { type Form, print } from '../terminal/print.ts';
import { renderRollout } from '../terminal/rollouts.ts';

export interface RolloutsCommandOptions {
  readonly url: string;
  readonly output: Form;
}

export const rolloutsCommand = async (model: string | undefined, options: RolloutsCommandOptions): Promise<void> => {
  const all = (await ask(options.url, '/v1/rollouts', Rollouts)).rollouts;
  const rollouts = model === undefined ? all : all.filter((rollout) => rollout.model === model);
  if (model !== undefined && rollouts.length === 0) {
    const names = all.map((rollout) => `"${rollout.model}"`).join(', ') || 'none';
    throw new Error(`Cannot find a rollout of model "${model}": there is ${names}, one of these names is needed`);
  }
  print(options.output, { rollouts }, () =>
    rollouts.length === 0
      ? ['No model of the pipeline has a rollout that has scored something yet.']
      : rollouts.flatMap((rollout, i) => [...(i === 0 ? [] : ['']), ...renderRollout(rollout)]),
  );
};
