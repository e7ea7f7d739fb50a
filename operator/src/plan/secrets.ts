import type { PipelinePlacement } from '@groundswell/graph';
import { referencesOf } from '../children/connections.ts';

/** Secrets that the connections of a pipeline name and that are not there: its pods wait for them. */
export const missingReferences = (
  pipelines: readonly PipelinePlacement[],
  secrets: ReadonlySet<string>,
): readonly string[] => {
  const wanted = pipelines
    .flatMap(referencesOf)
    .filter(({ kind }) => kind === 'secret')
    .map(({ name }) => name);
  return [...new Set(wanted)]
    .filter((name) => !secrets.has(name))
    .map(
      (name) => `Cannot find Secret "${name}": there is none of that name, create it and the pods go on by themselves`,
    );
};
