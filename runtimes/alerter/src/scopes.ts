import { readsCard, type Scope } from '@groundswell/alerting';
import type { AlerterProgram } from '@groundswell/graph';
import { createResultsReader, type KeyValue } from '@groundswell/stores';
import { fillTemplate, keysOf, type PostCard, type Prediction, parseTemplate } from '@groundswell/wire';

/** Puts together what rules see of predictions, in one round trip to the store, or none where they look no further. */
export type Scopes = (predictions: readonly Prediction[]) => Promise<readonly Scope[]>;

/** Hashes hold text. A number, a list or a boolean is what it was before; anything else is a text. */
const plainValueOf = (text: string): unknown => {
  if (!/^(-?[0-9.]|\[|true$|false$)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const valuesOf = (hash: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(hash).map(([name, text]) => [name, plainValueOf(text)]));

export const createScopes = ({ pipeline, windows, rules }: AlerterProgram, keyValue: KeyValue): Scopes => {
  const keys = keysOf(pipeline);
  const needsCard = rules.some(readsCard);
  const hashes = windows.map(({ name, hash, key }) => {
    const parts = parseTemplate(hash);
    const fieldOf = new Map(key.map((part) => [part.name, part.value]));
    const keyOf = (prediction: Prediction): string =>
      fillTemplate(parts, (part) => prediction[fieldOf.get(part) ?? 'post_id']);
    return { name, keyOf };
  });
  const plainPost = ({ post_id, author_id, posted_at, age_ms: age }: Prediction) => ({
    ...{ post_id, author_id, posted_at, age },
  });

  const readResults = createResultsReader(
    keyValue,
    pipeline,
    windows.map(({ name }) => name),
  );
  return async (predictions) => {
    if (!needsCard && hashes.length === 0)
      return predictions.map((prediction) => ({ prediction, post: plainPost(prediction), windows: {} }));
    return readResults((batch, placeOf) => {
      const asked = predictions.map((prediction) => ({
        prediction,
        card: needsCard ? batch.hashGet(keys.post(prediction.post_id), ['card', 'reposts']) : undefined,
        found: hashes.map(({ name, keyOf }) => ({
          name,
          values: batch.hashGetAll(placeOf(name).prefix + keyOf(prediction)),
        })),
      }));
      return () =>
        asked.map(({ prediction, card, found }) => {
          const [text, reposts] = card?.value() ?? [];
          return {
            prediction,
            post: {
              ...(text !== undefined && (JSON.parse(text) as PostCard)),
              ...(reposts !== undefined && { reposts: Number(reposts) }),
              ...plainPost(prediction),
            },
            windows: Object.fromEntries(found.map(({ name, values }) => [name, valuesOf(values.value())])),
          };
        });
    });
  };
};
