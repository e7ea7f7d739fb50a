import type { Rescored } from '@groundswell/scorer';
import { fit, formatAge, formatTime } from '../terminal/format.ts';
import { type Paint, plain } from '../terminal/paint.ts';
import { renderTable } from '../terminal/table.ts';
import type { PostStory } from './post-story.ts';

/** Of a post with many events, the newest. */
const shownEvents = 20;

const eventRow = ({ topic, offset, event }: PostStory['events'][number]) => [
  `${topic}/${offset}`,
  formatTime(event.at),
  event.type,
  fit(event.user?.name ?? event.user_id, 20).trimEnd(),
  event.text ?? '',
];

/** The story of a score as lines, in the order in which it came about. */
export const renderStory = (
  story: PostStory,
  again: Rescored,
  given: { width: number; paint?: Paint },
): readonly string[] => {
  const { width, paint = plain } = given;
  const { events, features, prediction, rank, of } = story;
  const left = events.length - shownEvents;
  const { score, variant, digest, scored_at, age_ms, trigger } = prediction;
  const verdict = again.isEqual ? paint('green', 'equal to the last bit') : paint(['bold', 'red'], 'NOT EQUAL');
  return [
    paint('bold', `Post ${story.post_id} scores ${score}: rank ${rank} of ${of}`),
    `  by ${story.model}/${variant}, ${formatAge(age_ms)} after it appeared (${trigger}), at ${formatTime(scored_at)}`,
    `  artifact sha256:${digest}, program revision ${story.revision}`,
    `  scored again from this vector: ${again.score}, ${verdict}`,
    '',
    `${events.length} events${left > 0 ? `, the last ${shownEvents} of them` : ''}`,
    ...renderTable(['OFFSET', 'TIME', 'TYPE', 'USER', 'TEXT'], events.slice(-shownEvents).map(eventRow), {
      width,
      paint,
    }),
    '',
    'What the model saw',
    ...renderTable(
      ['FEATURE', 'VALUE', 'FROM'],
      features.map(({ name, value, from }) => [name, value === null ? 'missing' : String(value), from]),
      { width, paint },
    ),
  ];
};
