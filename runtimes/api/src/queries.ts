import type { ApiProgram, ModelView } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';

const streamEvents = ['top', 'status', 'heatmap', 'rollouts'] as const;
export type StreamEvent = (typeof streamEvents)[number];

const isStreamEvent = (name: string): name is StreamEvent => streamEvents.some((event) => event === name);

/** The model that was asked for, else the first of the pipeline's. */
export const modelOf = (
  { model }: { readonly model?: string | undefined },
  { models }: Pick<ApiProgram, 'models'>,
): ModelView => {
  const [first] = models;
  if (first === undefined) {
    throw new ProblemError(404, 'Cannot show scores: the pipeline has no ScoringModel, one is needed');
  }
  const found = model === undefined ? first : models.find(({ name }) => name === model);
  if (found !== undefined) return found;
  const names = models.map(({ name }) => `"${name}"`).join(', ');
  throw new ProblemError(
    404,
    `Cannot show scores of model "${model}": the pipeline has none of that name, one of ${names} is needed`,
  );
};

export const eventsOf = (events: string): readonly StreamEvent[] => {
  const names = [...new Set(events.split(','))];
  const known = names.filter(isStreamEvent);
  if (known.length === names.length) return known;
  const stranger = names.find((name) => !isStreamEvent(name));
  throw new ProblemError(
    400,
    `Cannot stream: the event "${stranger}" is not known, some of ${streamEvents.join(',')} are needed`,
  );
};
