import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryText, markText, merge, parseTimeline } from './entries.ts';

const entry = fc.record({ id: fc.nat(50), author: fc.string() });
/** A post has one author. */
const entries = fc.uniqueArray(entry, { selector: ({ id }) => id });

test('a timeline is newest first with each post once, in whatever order and however often it is stored', () => {
  fc.assert(
    fc.property(entries, fc.infiniteStream(fc.boolean()), (posts, twice) => {
      const texts = posts.flatMap((post) => (twice.next().value ? [post, post] : [post])).map(entryText);
      const expected = [...posts].sort((a, b) => b.id - a.id);
      expect(parseTimeline([markText(7), ...texts])).toEqual({ entries: expected, since: 7 });
    }),
  );
});

test('the newest mark counts; without one, the oldest entry', () => {
  expect(parseTimeline([markText(3), markText(9), '12:a']).since).toBe(9);
  expect(parseTimeline(['12:a', '11:b']).since).toBe(11);
  expect(parseTimeline([]).since).toBe(0);
});

test('an author may have colons in the name', () => {
  expect(parseTimeline(['12:did:plc:abc']).entries).toEqual([{ id: 12, author: 'did:plc:abc' }]);
});

test('merging does not depend on how posts are spread over timelines', () => {
  fc.assert(
    fc.property(entries, fc.infiniteStream(fc.nat(2)), (posts, places) => {
      const parts = [[], [], []] as (typeof posts)[];
      for (const post of posts) {
        parts[places.next().value]?.push(post);
        parts[places.next().value]?.push(post);
      }
      expect(merge(...parts)).toEqual([...posts].sort((a, b) => b.id - a.id));
    }),
  );
});
