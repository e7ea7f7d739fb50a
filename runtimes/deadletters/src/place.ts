import type { Program } from '@groundswell/graph';

/** Where the dead letters of a pipeline lie, and where events go that are given back. */
export interface Place {
  readonly topic: string;
  readonly events: { readonly topic: string; readonly keyBy: 'post_id' | 'user_id' | 'author_id' | 'at' };
}

/** @throws Error where none of the programs has dead letters */
export const placeOf = (programs: readonly Program[]): Place => {
  for (const program of programs)
    if (program.kind === 'ingest')
      return {
        topic: program.deadLetters.name,
        events: { topic: program.output.name, keyBy: program.keyBy },
      };
  for (const program of programs) {
    if (program.kind === 'window')
      return { topic: program.deadLetters.name, events: { topic: program.input.topic.name, keyBy: 'post_id' } };
    if (program.kind === 'scorer')
      return { topic: program.deadLetters.name, events: { topic: program.input.name, keyBy: 'post_id' } };
  }
  throw new Error('Cannot find dead letters: the resources have no source, window or model, one of them is needed');
};
