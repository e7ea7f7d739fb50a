import { type Author, createAuthor } from './people.ts';
import { createRandom, type Random, seedOf } from './random.ts';
import type { HeatOf } from './trends.ts';
import { type List, type Mood, moods, templates, topics } from './words.ts';

/** A generated post with what decides its fate. */
export interface Post {
  readonly id: string;
  readonly seed: number;
  readonly at: number;
  readonly author: Author;
  readonly text: string;
  readonly tags: readonly string[];
  readonly links: number;
  readonly media: number;
  readonly mentions: number;
  /** Expected reposts by each repost, at an average hour: how infectious it is. Below 1, so every cascade ends. */
  readonly infectiousness: number;
  /** When its author takes it back. */
  readonly deletedAt: number | undefined;
}

export interface PostWorld {
  readonly seed: number;
  readonly startAt: number;
  readonly authors: number;
  readonly deleteShare: number;
  readonly heatOf: HeatOf;
}

const salts = { post: 4, author: 5 };
const meanTimeToDeleteMs = 2 * 3_600_000;

// Set so that about 7 of 100 posts reach 57 reposts within a day (test: "between 5 and 10 %").
const base = { infectiousness: 0.58, most: 0.95, luck: 0.4 };

/** An own topic most of the time, else what is talked about. */
const topicOf = (random: Random, author: Author, at: number, heatOf: HeatOf): number => {
  if (random.chance(0.6)) return author.topic;
  for (let tries = 0; tries < 8; tries++) {
    const topic = random.below(topics.length);
    if (random.chance(heatOf(topic, at) / 4)) return topic;
  }
  return author.topic;
};

const moodOf = (random: Random): Mood => {
  const u = random.unit();
  return u < 0.35 ? moods.good : u < 0.55 ? moods.bad : moods.plain;
};

const textOf = (random: Random, lang: string, fill: Readonly<Record<'thing' | 'mood', string>>): string => {
  const known = templates[lang] ?? (templates['en'] as List<string>);
  const text = random.pick(known).replace('{thing}', fill.thing).replace('{mood}', fill.mood);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const tagsOf = (random: Random, own: List<string>): readonly string[] => {
  const count = random.chance(0.25) ? 0 : random.chance(0.7) ? 1 : 2;
  const first = random.below(own.length);
  return own.filter((_, i) => (i - first + own.length) % own.length < count);
};

/** Few write much: the number of an author, small ones more often. */
const authorIndexOf = (random: Random, authors: number): number => Math.floor(authors * random.unit() ** 2);

/** The post with that name at that moment. A function of its arguments. */
export const createPost = (world: PostWorld, number: readonly [slot: number, index: number], at: number): Post => {
  const seed = seedOf(world.seed, salts.post, ...number);
  const random = createRandom(seed);
  const author = createAuthor(world.seed, authorIndexOf(random, world.authors), world.startAt, topics.length);
  const topic = topicOf(random, author, at, world.heatOf);
  const { tags: topicTags, things } = topics[topic] ?? topics[0];
  const mood = moodOf(random);
  const tags = tagsOf(random, topicTags);
  const text = textOf(random, author.lang, { thing: random.pick(things), mood: random.pick(mood.words) });
  const links = random.chance(0.3) ? 1 : 0;
  const media = random.chance(0.35) ? 1 : 0;
  const mentions = random.chance(0.15) ? 1 : 0;
  const interest =
    author.quality *
    (author.lang === 'en' ? mood.pull : 1) *
    (media > 0 ? 1.2 : 1) *
    (links > 0 ? 0.85 : 1) *
    (tags.length > 0 ? world.heatOf(topic, at) ** 0.5 : 1);
  return {
    id: `p${number[0].toString(36)}-${number[1].toString(36)}`,
    seed,
    at,
    author,
    text: [text, ...tags.map((tag) => `#${tag}`), ...(mentions > 0 ? ['@groundswell'] : [])].join(' '),
    tags,
    links,
    media,
    mentions,
    infectiousness: Math.min(base.infectiousness * interest * random.logNormal(1, base.luck), base.most),
    deletedAt: random.chance(world.deleteShare) ? Math.floor(at + random.exponential(meanTimeToDeleteMs)) : undefined,
  };
};
