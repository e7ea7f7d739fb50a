import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCalendar, type Due } from './calendar.ts';

test('entries come out in the order of their time, then as numbered, and none before its time', () => {
  const command = fc.oneof(fc.record({ add: fc.nat(20) }), fc.record({ until: fc.nat(25) }));
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      const calendar = createCalendar<Due>();
      let waiting: Due[] = [];
      for (const [seq, each] of commands.entries()) {
        if ('add' in each) {
          const entry = { due: each.add, seq };
          calendar.add(entry);
          waiting.push(entry);
          continue;
        }
        const taken: Due[] = [];
        for (let next = calendar.take(each.until); next !== undefined; next = calendar.take(each.until))
          taken.push(next);
        const wanted = waiting.filter(({ due }) => due <= each.until).sort((a, b) => a.due - b.due || a.seq - b.seq);
        expect(taken).toEqual(wanted);
        waiting = waiting.filter((entry) => !wanted.includes(entry));
        expect(calendar.size).toBe(waiting.length);
      }
    }),
  );
});
