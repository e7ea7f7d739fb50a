import {
  type CelEnvironment,
  type CelFunction,
  type CelShape,
  featureFunctionParameters,
  holdsOnlyWhere,
} from '@groundswell/cel';
import { FeedPost, PostCard, Prediction, Profile, SocialEvent } from '@groundswell/wire';

const open: CelShape = { kind: 'open' };

const fieldsOf = (shape: object, others: Readonly<Record<string, CelShape>> = {}): CelShape => ({
  kind: 'fields',
  fields: { ...Object.fromEntries(Object.keys(shape).map((name) => [name, open])), ...others },
});

const user = fieldsOf(Profile.shape);

/** An event as labels see it: with its final figures. */
const wholeEvent = fieldsOf(SocialEvent.shape, { user });

/** An event as it is known when it happens. */
const knownEvent = fieldsOf(SocialEvent.shape, {
  user,
  outcome: {
    kind: 'refused',
    why: 'it is known only in hindsight: a model that sees it learns the answer, not the post',
  },
});

/** Conditions and values over `event`: of windows, and of which events are scored. */
export const eventEnvironment: CelEnvironment = { variables: ['event'], shapes: { event: knownEvent } };

/**
 * Conditions and values over events that are `outcome` for certain: a report that comes at the time when its figure became
 * known is no hindsight, and what became of an author's earlier posts is history.
 */
export const environmentWhere = (
  where: string | undefined,
  outside: CelEnvironment = eventEnvironment,
): CelEnvironment =>
  where !== undefined && holdsOnlyWhere(where, ['event', 'type'], 'outcome') ? labelEnvironment : outside;
/** Of a window with tables: a row of each beside the event. */
export const joinedEnvironment = (
  names: readonly string[],
  ofEvents: CelEnvironment = eventEnvironment,
): CelEnvironment => (names.length === 0 ? ofEvents : { ...ofEvents, variables: ['event', ...names] });

/** Conditions of outcomes: labels may look at final figures. */
export const labelEnvironment: CelEnvironment = { variables: ['event'], shapes: { event: wholeEvent } };

/** Rules of a ranking: `post` is the event that the item appeared with, `user` who asks. */
export const rankingEnvironment: CelEnvironment = {
  variables: ['post', 'user'],
  shapes: { post: knownEvent, user: fieldsOf({ user_id: '', tags: '', interests: '', actions: '', cold: '' }) },
};

/** Rules of a feed: `post` as it was accepted, `user` who reads. */
export const feedEnvironment: CelEnvironment = {
  variables: ['post', 'user'],
  shapes: { post: fieldsOf(FeedPost.shape), user: fieldsOf({ user_id: '', tags: '' }) },
};

/** Of a file's rows: which are taken, and the fields that decide which row is a post's first. */
export const rowEnvironment: CelEnvironment = { variables: ['row'] };

/** The other fields of a mapping: also whether no earlier row was of this post, and the row of the post. */
export const mappingEnvironment: CelEnvironment = { variables: ['row', 'first', 'root'] };

/** Names that feature expressions already have. */
export const featureVariables: readonly string[] = ['event', 'at', 'age'];

/** Expressions of a feature: `event` (of the post), `at`, `age`, and the features before it. */
export const featureEnvironment = (before: readonly string[]): CelEnvironment => ({
  variables: [...featureVariables, ...before],
  functions: featureFunctions,
  shapes: { event: knownEvent },
});

/**
 * Rules of alerts: `prediction`, `post` (its card, `age` in ms, `reposts`) and `windows` by name.
 *
 * @param windows  the values of each, or why it cannot be looked at
 */
export const alertEnvironment = (windows: Readonly<Record<string, readonly string[] | string>>): CelEnvironment => {
  const shapeOf = (fields: readonly string[] | string): CelShape =>
    typeof fields === 'string'
      ? { kind: 'refused', why: fields }
      : { kind: 'fields', fields: Object.fromEntries(fields.map((name) => [name, open])) };
  return {
    variables: ['prediction', 'post', 'windows'],
    shapes: {
      prediction: fieldsOf(Prediction.shape),
      post: fieldsOf(PostCard.shape, { age: open, reposts: open }),
      windows: {
        kind: 'fields',
        fields: Object.fromEntries(Object.entries(windows).map(([name, fields]) => [name, shapeOf(fields)])),
      },
    },
  };
};

// Only their names and numbers of parameters count here: what they compute is the business of @groundswell/features.
const standIns: readonly CelFunction[] = [() => undefined, (_a) => undefined, (_a, _b) => undefined];

const featureFunctions: Readonly<Record<string, CelFunction>> = Object.fromEntries(
  Object.entries(featureFunctionParameters).map(([name, count]) => [name, standIns[count] ?? (() => undefined)]),
);

/** Fields that an event can have, as keys of windows and targets of mappings name them; `attributes.` and `outcome.` go on freely. */
export const eventFields: readonly string[] = [
  ...Object.keys(SocialEvent.shape).filter((name) => !['user', 'attributes', 'outcome'].includes(name)),
  ...Object.keys(Profile.shape).map((name) => `user.${name}`),
];

export const isEventField = (field: string): boolean =>
  eventFields.includes(field) || /^(attributes|outcome)\.[A-Za-z0-9_-]+$/.test(field);
