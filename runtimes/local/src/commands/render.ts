import type { Program } from '@groundswell/graph';
import { renderPrograms } from '@groundswell/operator/children';
import { stringify } from 'yaml';
import { loadPrograms } from '../load.ts';

export interface RenderOptions {
  readonly file: readonly string[];
  readonly output: 'yaml' | 'json';
  readonly namespace: string;
  /** Only the windows, as if each said so. */
  readonly engine?: 'flink';
}

export const render = async ({ file, output, namespace, engine }: RenderOptions): Promise<void> => {
  const { warnings, ...compiled } = await loadPrograms(file, 'cluster');
  for (const line of warnings) process.stderr.write(`${line}\n`);
  const { programs, placements, pipelines } = compiled;
  const objects =
    engine === 'flink'
      ? renderPrograms({ programs: programs.flatMap(onFlink), placements, pipelines: pipelines }, { namespace })
      : renderPrograms(compiled, { namespace });
  process.stdout.write(
    output === 'json'
      ? `${JSON.stringify(objects, null, 2)}\n`
      : objects.map((object) => `---\n${stringify(object, { blockQuote: 'literal', lineWidth: 0 })}`).join(''),
  );
};

const onFlink = (program: Program): readonly Program[] =>
  program.kind === 'window' ? [{ flink: { version: 'v2_2', parallelism: 1, configuration: {} }, ...program }] : [];
