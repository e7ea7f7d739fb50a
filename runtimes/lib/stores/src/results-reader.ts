import { keysOf, type ResultsPlace, resultsPlace } from '@groundswell/wire';
import type { KeyValue, KeyValueBatch } from './key-value.ts';

export type PlaceOf = (window: string) => ResultsPlace;

/**
 * Reads results of windows where the revision in force has them. `queue` puts commands on a batch and answers how their
 * replies become a value; it is called again when a window has changed its place meanwhile, so that all that is read
 * together is of the revision that was in force then.
 */
export type ResultsReader = <T>(queue: (batch: KeyValueBatch, placeOf: PlaceOf) => () => T) => Promise<T>;

/** @param windows those that are read; none: there is no place to ask for */
export const createResultsReader = (
  keyValue: KeyValue,
  pipeline: string,
  windows: readonly string[],
): ResultsReader => {
  const { revisions } = keysOf(pipeline);
  const keys = windows.map((window) => [window, revisions(window)] as const);
  const places = new Map<string, ResultsPlace>();
  const told = new Map<string, string | undefined>();
  const tell = (window: string, text: string | undefined): void => {
    told.set(window, text);
    places.set(window, resultsPlace(pipeline, window, text));
  };
  for (const window of windows) tell(window, undefined);
  const placeOf: PlaceOf = (window) => places.get(window) ?? resultsPlace(pipeline, window, undefined);
  return async (queue) => {
    for (;;) {
      const batch = keyValue.batch();
      const asked = keys.map(([window, key]) => [window, batch.hashGet(key, ['place'])] as const);
      const answer = queue(batch, placeOf);
      await batch.run();
      let moved = false;
      for (const [window, reply] of asked) {
        const [text] = reply.value();
        if (text === told.get(window)) continue;
        tell(window, text);
        moved = true;
      }
      if (!moved) return answer();
    }
  };
};
