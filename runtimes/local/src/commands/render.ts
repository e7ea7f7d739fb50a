import { renderPrograms } from '@groundswell/operator/children';
import { stringify } from 'yaml';
import { loadPrograms } from '../load.ts';

export interface RenderOptions {
  readonly file: readonly string[];
  readonly output: 'yaml' | 'json';
  readonly namespace: string;
}

export const render = async ({ file, output, namespace }: RenderOptions): Promise<void> => {
  const { warnings, ...compiled } = await loadPrograms(file, 'cluster');
  for (const line of warnings) process.stderr.write(`${line}\n`);
  const objects = renderPrograms(compiled, { namespace });
  process.stdout.write(
    output === 'json'
      ? `${JSON.stringify(objects, null, 2)}\n`
      : objects.map((object) => `---\n${stringify(object)}`).join(''),
  );
};
