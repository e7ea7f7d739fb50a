import { type Input, partitions } from './input.ts';

const minuteMs = 60_000;

/** Window of a key by its end → its values by name. */
export type Results = ReadonlyMap<string, Readonly<Record<string, number>>>;

export interface Expected {
  readonly posts: Results;
  readonly people: Results;
  readonly views: number;
}

export const idOf = (key: string, end: number): string => `${key} ${end}`;

interface Sum {
  events: number;
  followers: number;
  newest: number;
  readonly people: Set<string>;
}

const firstEndAfter = (at: number, every: number): number => (Math.floor(at / every) + 1) * every;

/** What `resources.ts` asks for, written out: reads all events in one go and knows nothing of windows but their definition. */
export const expectedOf = ({ eventAt, perPartition }: Input): Expected => {
  const [posts, people] = [new Map<string, Sum>(), new Map<string, Sum>()];
  let views = 0;
  const add = (to: Map<string, Sum>, id: string, { user_id, user, at }: ReturnType<typeof eventAt>): void => {
    const sum = to.get(id) ?? { events: 0, followers: 0, newest: 0, people: new Set() };
    sum.events++;
    sum.followers += user?.followers ?? 0;
    sum.newest = Math.max(sum.newest, at);
    sum.people.add(user_id);
    to.set(id, sum);
  };
  for (let partition = 0; partition < partitions; partition++)
    for (let offset = 0; offset < perPartition; offset++) {
      const event = eventAt(partition, offset);
      const end = firstEndAfter(event.at, minuteMs);
      add(people, idOf(event.user_id, end), event);
      if (event.type === 'view') views++;
      else for (let i = 0; i < 5; i++) add(posts, idOf(event.post_id, end + i * minuteMs), event);
    }
  const valuesOf = (sums: ReadonlyMap<string, Sum>, pick: (sum: Sum) => Record<string, number>): Results =>
    new Map([...sums].map(([id, sum]) => [id, pick(sum)]));
  return {
    views,
    posts: valuesOf(posts, (sum) => ({
      events: sum.events,
      people: sum.people.size,
      reach: sum.followers / sum.events,
    })),
    people: valuesOf(people, (sum) => ({ events: sum.events, newest: sum.newest })),
  };
};
