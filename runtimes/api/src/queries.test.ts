import { expect, test } from 'vitest';
import { eventsOf, limitOf, modelOf, onlyKnown } from './queries.ts';

test.each([
  { query: {}, limit: 10 },
  { query: { limit: '1' }, limit: 1 },
  { query: { limit: '100' }, limit: 100 },
])('the limit of $query is $limit', ({ query, limit }) => {
  expect(limitOf(query)).toBe(limit);
});

test.each(['0', '101', '-1', '1.5', '1e1', '', 'ten', '١'])('the limit "%s" is refused', (limit) => {
  expect(() => limitOf({ limit })).toThrow(
    `Cannot list the top: limit is "${limit}", a whole number from 1 to 100 is needed`,
  );
});

test('the first model answers when none is named', () => {
  expect(modelOf({}, ['virality', 'spam'])).toBe('virality');
  expect(modelOf({ model: 'spam' }, ['virality', 'spam'])).toBe('spam');
});

test('a model that the pipeline lacks is refused with those it has', () => {
  expect(() => modelOf({ model: 'x' }, ['virality', 'spam'])).toThrow(
    'Cannot show scores of model "x": the pipeline has none of that name, one of "virality", "spam" is needed',
  );
  expect(() => modelOf({}, [])).toThrow('Cannot show scores: the pipeline has no ScoringModel, one is needed');
});

test('a misspelt parameter is refused with those that are known', () => {
  expect(() => onlyKnown({ limt: '3' }, '/v1/top', ['limit', 'model'])).toThrow(
    'Cannot answer /v1/top: the parameter "limt" is not known, one of limit, model is needed',
  );
  expect(() => onlyKnown({ limit: '3' }, '/v1/top', ['limit', 'model'])).not.toThrow();
});

test('the stream carries the top alone unless more is asked for', () => {
  expect(eventsOf({})).toEqual(['top']);
  expect(eventsOf({ events: 'status,top,status' })).toEqual(['status', 'top']);
  expect(() => eventsOf({ events: 'top,tip' })).toThrow(
    'Cannot stream: the event "tip" is not known, some of top,status,heatmap are needed',
  );
});
