import { ProblemError } from './problem.ts';

type Query = Readonly<Record<string, string>>;

const streamEvents = ['top', 'status', 'heatmap'] as const;
export type StreamEvent = (typeof streamEvents)[number];

const isStreamEvent = (name: string): name is StreamEvent => streamEvents.some((event) => event === name);

/** A misspelt parameter is refused: silently ignored, it would look as if it worked. */
export const onlyKnown = (query: Query, path: string, known: readonly string[]): void => {
  const stranger = Object.keys(query).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const needed = known.length === 0 ? 'no parameter is taken' : `one of ${known.join(', ')} is needed`;
  throw new ProblemError(400, `Cannot answer ${path}: the parameter "${stranger}" is not known, ${needed}`);
};

export const limitOf = ({ limit = '10' }: Query): number => {
  const wanted = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (wanted >= 1 && wanted <= 100) return wanted;
  throw new ProblemError(400, `Cannot list the top: limit is "${limit}", a whole number from 1 to 100 is needed`);
};

/** The model that was asked for, else the first of the pipeline's. */
export const modelOf = ({ model }: Query, models: readonly string[]): string => {
  const [first] = models;
  if (first === undefined) {
    throw new ProblemError(404, 'Cannot show scores: the pipeline has no ScoringModel, one is needed');
  }
  if (model === undefined || models.includes(model)) return model ?? first;
  const names = models.map((name) => `"${name}"`).join(', ');
  throw new ProblemError(
    404,
    `Cannot show scores of model "${model}": the pipeline has none of that name, one of ${names} is needed`,
  );
};

export const eventsOf = ({ events = 'top' }: Query): readonly StreamEvent[] => {
  const names = [...new Set(events.split(','))];
  const known = names.filter(isStreamEvent);
  if (known.length === names.length) return known;
  const stranger = names.find((name) => !isStreamEvent(name));
  throw new ProblemError(
    400,
    `Cannot stream: the event "${stranger}" is not known, some of ${streamEvents.join(',')} are needed`,
  );
};
