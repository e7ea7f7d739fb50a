import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kinds, parseResource } from '../src/index.ts';
import { rulesOf } from '../src/rules.ts';
import { badObjects } from './bad-objects.ts';
import { changed } from './examples.ts';

const allMessages = (): readonly string[] => {
  const messages = new Set<string>();
  for (const { spec } of kinds) {
    z.toJSONSchema(spec, {
      target: 'openapi-3.0',
      io: 'input',
      override: ({ zodSchema }) => {
        for (const { message } of rulesOf(zodSchema)) messages.add(message);
      },
    });
  }
  return [...messages].toSorted();
};

describe('a rule', () => {
  test.each(kinds)('holds for the example of $kind', ({ kind }) => {
    expect(parseResource(changed(kind))).toMatchObject({ kind: 'parsed' });
  });

  test.each(badObjects)('of $kind refuses what breaks it: $message', ({ kind, changes, at, message }) => {
    const path = at.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    expect(parseResource(changed(kind, ...changes))).toEqual({ kind: 'refused', problems: [{ path, message }] });
  });

  test('has a bad object in this table', () => {
    expect([...new Set(badObjects.map(({ message }) => message))].toSorted()).toEqual(allMessages());
  });
});
