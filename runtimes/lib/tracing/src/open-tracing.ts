import type { Program } from '@groundswell/graph';
import type { Tracing, Values } from '@groundswell/process';

/** `name=value`, separated by commas. @throws Error where it is something else; the message says nothing of the values */
const headersOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) throw new Error('Cannot read the headers for traces: name=value, separated by commas, is needed');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );

/**
 * What the resource wants traced of a program. Undefined where it wants nothing: the libraries are then not even loaded.
 *
 * @throws Error where the headers for the endpoint are not there
 */
export const openTracing = async (
  program: Pick<Program, 'name' | 'pipeline' | 'traces'>,
  values: Values,
): Promise<Tracing | undefined> => {
  const { traces } = program;
  if (traces === undefined) return undefined;
  const headers = traces.headers === undefined ? {} : headersOf(await values.read(traces.headers));
  const { createTracing } = await import('./create-tracing.ts');
  return createTracing({ ...traces, headers, program });
};
