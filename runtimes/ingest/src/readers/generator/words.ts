/** The vocabulary of generated posts. Plain words, so that the texts are pleasant to read and a sentiment lexicon knows them. */

export type List<T> = readonly [T, ...T[]];

export interface Topic {
  readonly tags: List<string>;
  readonly things: List<string>;
}

export const topics: List<Topic> = [
  { tags: ['football', 'matchday', 'derby'], things: ['that last-minute goal', 'the away crowd', 'our new keeper'] },
  { tags: ['climate', 'energy', 'solar'], things: ['the new wind park', 'our solar roof', 'the heat record'] },
  { tags: ['opensource', 'typescript', 'devlife'], things: ['the 2.0 release', 'our test suite', 'this pull request'] },
  { tags: ['music', 'newmusic', 'vinyl'], things: ['the live session', 'that bass line', 'her new album'] },
  { tags: ['cooking', 'foodie', 'bread'], things: ['my sourdough', 'this lentil soup', 'grandma’s apple pie'] },
  { tags: ['space', 'astronomy', 'rocket'], things: ['the moon landing replay', 'last night’s launch', 'that nebula'] },
  { tags: ['cats', 'dogs', 'rescue'], things: ['our rescue dog', 'this tiny kitten', 'the vet bill'] },
  { tags: ['trains', 'citylife', 'cycling'], things: ['the night train', 'my new commute', 'the bike lane'] },
  { tags: ['cinema', 'series', 'nowwatching'], things: ['the season finale', 'that plot twist', 'the director’s cut'] },
  {
    tags: ['health', 'running', 'sleep'],
    things: ['my first half marathon', 'eight hours of sleep', 'the flu season'],
  },
  { tags: ['books', 'amreading', 'poetry'], things: ['this translation', 'the last chapter', 'her debut novel'] },
  { tags: ['science', 'research', 'physics'], things: ['the replication study', 'our new preprint', 'this dataset'] },
  { tags: ['gaming', 'indiedev', 'speedrun'], things: ['the boss fight', 'our demo', 'that world record'] },
  { tags: ['economy', 'housing', 'jobs'], things: ['the rent report', 'the jobs report', 'the strike vote'] },
];

/** How much a mood moves people: strong words travel further, and bad news furthest. */
export interface Mood {
  readonly words: List<string>;
  readonly pull: number;
}

export const moods = {
  good: { words: ['amazing', 'brilliant', 'awesome', 'wonderful', 'fantastic', 'superb'], pull: 1.25 },
  bad: { words: ['terrible', 'awful', 'outrageous', 'heartbreaking', 'a disaster', 'horrible'], pull: 1.4 },
  plain: { words: ['as expected', 'back again', 'finally here', 'out now', 'on the table', 'next'], pull: 0.85 },
} satisfies Record<string, Mood>;

/** `{thing}` and `{mood}` are filled in; the languages beside English bring their own words. */
export const templates: Readonly<Record<string, List<string>>> = {
  en: [
    'Just saw {thing}. It is {mood}!',
    '{thing}: {mood}. Thoughts?',
    'Nobody told me {thing} would be {mood}',
    'Thread on {thing}, which was {mood} 🧵',
    'I keep thinking about {thing}. Simply {mood}.',
    'Hot take: {thing} is {mood}, and we should say so',
    'Morning! {thing} is {mood} today',
    'So, {thing}. {mood}. That is the post.',
  ],
  es: ['Acabo de ver esto: ¡increíble!', 'Qué día tan bonito', 'No puedo creer lo que ha pasado', 'Hilo sobre el tema'],
  de: [
    'Gerade gesehen: einfach großartig!',
    'Was für ein Tag',
    'Das darf doch nicht wahr sein',
    'Ein paar Gedanken dazu',
  ],
  pt: ['Acabei de ver isto: incrível!', 'Que dia lindo', 'Não acredito no que aconteceu', 'Segue o fio'],
};

/** The share of authors who write in each language. */
export const languages: List<readonly [language: string, share: number]> = [
  ['en', 0.74],
  ['es', 0.1],
  ['de', 0.09],
  ['pt', 0.07],
];

export const comments: List<string> = [
  'So true',
  'This is great, thank you!',
  'I do not agree at all',
  'Wow, amazing',
  'Source?',
  'Made my day',
  'This is awful',
  'Everyone should read this',
  'Same here',
  'Wait, what?',
];

// biome-ignore format: one list
export const firstNames: List<string> = [
  'Mara', 'Jonas', 'Aiko', 'Luis', 'Priya', 'Noah', 'Ines', 'Tom', 'Zoe', 'Omar', 'Lena', 'Kofi', 'Sara', 'Ivan', 'Nia', 'Theo',
];

// biome-ignore format: one list
export const lastNames: List<string> = [
  'Lindqvist', 'Okafor', 'Tanaka', 'Silva', 'Novak', 'Haddad', 'Moreau', 'Keller', 'Rossi', 'Patel', 'Larsen', 'Costa', 'Weiss', 'Doyle', 'Nakamura', 'Berg',
];
