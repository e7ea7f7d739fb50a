import type { ApiProgram } from '@groundswell/graph';
import type { PipelineStatus } from '@groundswell/wire';
import type { Subject } from './channel.ts';
import { eventsOf, modelOf, type StreamEvent } from './queries.ts';
import type { Readings } from './readings.ts';

/** Four states of the top a second are as many as an eye can follow; the others change slowly. */
const topEveryMs = 250;
const othersEveryMs = 1000;

export interface SubjectSources {
  readonly program: () => ApiProgram;
  readonly readings: Readings;
  readonly status: () => PipelineStatus;
}

export interface StreamQuery {
  /** Names with commas between them. */
  readonly events: string;
  readonly limit: number;
  readonly model?: string | undefined;
}

/**
 * What a client of `/v1/stream` follows.
 * @throws ProblemError when the query asks for what there is not
 */
export const subjectsOf = (query: StreamQuery, from: SubjectSources): readonly Subject[] => {
  const { readings, status, program } = from;
  const subjectOf: Record<StreamEvent, () => Subject> = {
    top: () => {
      const model = modelOf(query, program());
      const { limit } = query;
      const key = `top ${model.name} ${limit}`;
      return { event: 'top', key, everyMs: topEveryMs, read: () => readings.top(model, { limit }) };
    },
    status: () => ({ event: 'status', key: 'status', everyMs: othersEveryMs, read: async () => status() }),
    // null where the pipeline declares no heatmap: a client that follows several things still gets the others.
    heatmap: () => ({
      event: 'heatmap',
      key: 'heatmap',
      everyMs: othersEveryMs,
      read: async () => {
        const { heatmap } = program();
        return heatmap === undefined ? null : readings.heatmap(heatmap);
      },
    }),
    rollouts: () => ({
      event: 'rollouts',
      key: 'rollouts',
      everyMs: othersEveryMs,
      read: async () => ({ rollouts: await readings.rollouts(program().models.map(({ name }) => name)) }),
    }),
  };
  return eventsOf(query.events).map((event) => subjectOf[event]());
};
