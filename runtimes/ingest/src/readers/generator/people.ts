import type { Profile } from '@groundswell/wire';
import { createRandom, type Random, seedOf } from './random.ts';
import { firstNames, languages, lastNames } from './words.ts';

const dayMs = 86_400_000;

/** Followers of somebody in the audience: log-normal with this median and deviation of the logarithm. */
const audience = { median: 180, sigma: 1.3, most: 300_000 };
/** Those who post have more; the upper tail is Pareto with this exponent. */
const authors = { median: 2000, sigma: 1.7, paretoFrom: 30_000, paretoShare: 0.01, exponent: 1.1, most: 8_000_000 };

/** Larger audiences engage less per head: reach grows as followers to this power. */
const reachExponent = 0.6;
// Mean of followers^0.6 under the log-normal: exp(0.6 ln median + 0.18 sigma²). So somebody of the audience reaches 1 on average.
const meanReach = audience.median ** reachExponent * Math.exp((reachExponent ** 2 * audience.sigma ** 2) / 2);

/** How many people a post by somebody with so many followers sets in motion, in units of the audience's mean. */
export const reachOf = (followers: number): number => followers ** reachExponent / meanReach;

/** Who writes posts. The same for every post, so that an author's past says something about the next post. */
export interface Author {
  readonly id: string;
  readonly lang: string;
  /** How much people like what this author posts; 1 is the median. */
  readonly quality: number;
  /** Index of the topic that the author mostly writes about. */
  readonly topic: number;
  readonly profile: Profile;
}

const nameOf = (random: Random): string => `${random.pick(firstNames)} ${random.pick(lastNames)}`;

const languageOf = (random: Random): string => {
  let rest = random.unit();
  for (const [language, share] of languages) {
    rest -= share;
    if (rest < 0) return language;
  }
  return languages[0][0];
};

const followersOfAuthor = (random: Random): number => {
  const { paretoShare, paretoFrom, exponent, most, median, sigma } = authors;
  const followers = random.chance(paretoShare)
    ? paretoFrom * (1 - random.unit()) ** (-1 / exponent)
    : random.logNormal(median, sigma);
  return Math.round(Math.min(followers, most));
};

const salts = { author: 1, audience: 2 };

/** The author with that number. `startAt` is the beginning of the stream, which accounts are older than. */
export const createAuthor = (seed: number, index: number, startAt: number, topicCount: number): Author => {
  const random = createRandom(seedOf(seed, salts.author, index));
  const followers = followersOfAuthor(random);
  const quality = random.logNormal(1, 0.5);
  return {
    id: `a${index}`,
    lang: languageOf(random),
    quality,
    topic: random.below(topicCount),
    profile: {
      name: nameOf(random),
      followers,
      following: Math.round(random.logNormal(350, 0.9)),
      posts: Math.round(random.logNormal(1500, 1.2)),
      listed: Math.round(followers * 0.004 * random.logNormal(1, 0.8)),
      favourites: Math.round(random.logNormal(2000, 1.4)),
      verified: random.chance(followers > 50_000 ? 0.7 : 0.03),
      created_at: Math.floor(startAt - random.unit() * 12 * 365 * dayMs),
    },
  };
};

/** Somebody of the audience: who they are never changes, whatever they react to. */
export const createMember = (seed: number, index: number, startAt: number): { id: string; profile: Profile } => {
  const random = createRandom(seedOf(seed, salts.audience, index));
  return {
    id: `u${index}`,
    profile: {
      name: nameOf(random),
      followers: Math.round(Math.min(random.logNormal(audience.median, audience.sigma), audience.most)),
      following: Math.round(random.logNormal(300, 0.8)),
      created_at: Math.floor(startAt - random.unit() * 12 * 365 * dayMs),
    },
  };
};
