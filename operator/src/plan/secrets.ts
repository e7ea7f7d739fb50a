import { type Compiled, valuesOf } from '@groundswell/graph';
import { referencesOf } from '../children/connections.ts';

/** Secrets that the connections of a pipeline or its programs name and that are not there: its pods wait for them. */
export const missingReferences = (
  { pipelines, programs }: Pick<Compiled, 'pipelines' | 'programs'>,
  secrets: ReadonlySet<string>,
): readonly string[] => {
  const ofConnections = pipelines.flatMap(referencesOf).filter(({ kind }) => kind === 'secret');
  const ofPrograms = programs.flatMap(valuesOf).filter(({ from }) => from === 'secret');
  const wanted = [...ofConnections, ...ofPrograms].map(({ name }) => name);
  return [...new Set(wanted)]
    .filter((name) => !secrets.has(name))
    .map(
      (name) => `Cannot find Secret "${name}": there is none of that name, create it and the pods go on by themselves`,
    );
};
