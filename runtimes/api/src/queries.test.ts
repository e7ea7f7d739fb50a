import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkedParameters } from './contract/checked.ts';
import { limit, modelName } from './contract/parameters.ts';
import { eventsOf, modelOf } from './queries.ts';
import { model, program } from './test/world.ts';

const Query = z.strictObject({ limit: limit(10), model: modelName() });
const read = (query: Readonly<Record<string, string>>) => checkedParameters('/v1/top', Query, query);
const two = program({ models: [model('virality'), model('spam')] });

test.each([
  { query: {}, limit: 10 },
  { query: { limit: '1' }, limit: 1 },
  { query: { limit: '100' }, limit: 100 },
])('the limit of $query is $limit', ({ query, limit }) => {
  expect(read(query).limit).toBe(limit);
});

test.each(['0', '101', '-1', '1.5', '1e1', '', 'ten', '١'])('the limit "%s" is refused', (limit) => {
  expect(() => read({ limit })).toThrow(
    `Cannot answer /v1/top: limit is "${limit}", a whole number from 1 to 100 is needed`,
  );
});

test('the first model answers when none is named', () => {
  expect(modelOf({}, two).name).toBe('virality');
  expect(modelOf({ model: 'spam' }, two).name).toBe('spam');
});

test('a model that the pipeline lacks is refused with those it has', () => {
  expect(() => modelOf({ model: 'x' }, two)).toThrow(
    'Cannot show scores of model "x": the pipeline has none of that name, one of "virality", "spam" is needed',
  );
  expect(() => modelOf({}, program({ models: [] }))).toThrow(
    'Cannot show scores: the pipeline has no ScoringModel, one is needed',
  );
});

test('a misspelt parameter is refused with those that are known', () => {
  expect(() => read({ limt: '3' })).toThrow(
    'Cannot answer /v1/top: the parameter "limt" is not known, one of limit, model is needed',
  );
});

test('the stream carries what is asked for, once', () => {
  expect(eventsOf('status,top,status')).toEqual(['status', 'top']);
  expect(() => eventsOf('top,tip')).toThrow(
    'Cannot stream: the event "tip" is not known, some of top,status,heatmap,rollouts are needed',
  );
});
