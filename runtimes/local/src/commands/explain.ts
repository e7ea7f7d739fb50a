import type { ScorerProgram } from '@groundswell/graph';
import { rescore } from '@groundswell/scorer';
import { replayToEnd } from '../evaluate/replay.ts';
import { type LoggedEvent, tellStory } from '../explain/post-story.ts';
import { renderStory } from '../explain/render.ts';
import { loadPrograms } from '../load.ts';
import { baseDirectoryOf } from '../resources.ts';
import { paintFor } from '../terminal/paint.ts';
import { type Form, print, widthOf } from '../terminal/print.ts';
import { createProgressLine } from '../terminal/progress.ts';

export interface ExplainOptions {
  readonly file: readonly string[];
  readonly data: readonly string[];
  /** Event time, ms. */
  readonly at?: number;
  readonly model?: string;
  readonly output: Form;
}

const postIn = (what: string): string => {
  const [, postId] = /^post\/(.+)$/s.exec(what) ?? [];
  if (postId === undefined) throw new Error(`Cannot explain "${what}": posts can be explained, write post/ID`);
  return postId;
};

const scorerOf = (scorers: readonly ScorerProgram[], wanted: string | undefined): ScorerProgram => {
  const found = scorers.find(({ model }) => wanted === undefined || model === wanted);
  if (found !== undefined) return found;
  const names = scorers.map(({ model }) => `"${model}"`).join(', ');
  throw new Error(`Cannot explain by model "${wanted ?? ''}": there is none of that name, one of ${names} is needed`);
};

/**
 * Replays what was recorded, up to the moment that is asked about, and says what led to the score of a post. A replay is
 * deterministic, so it tells what happened.
 */
export const explain = async (what: string, options: ExplainOptions): Promise<void> => {
  const { file, data, at, model, output } = options;
  const postId = postIn(what);
  const { programs } = await loadPrograms(file, 'local');
  const program = scorerOf(
    programs.filter((each) => each.kind === 'scorer'),
    model,
  );
  const directory = await baseDirectoryOf(file);
  const events: LoggedEvent[] = [];
  const { predictions } = await replayToEnd({
    ...{ programs, directory, dataDirectories: data, what: 'Replaying', keepsRescoring: true },
    progress: createProgressLine(process.stderr, Date.now),
    ...(at !== undefined && { until: at }),
    onEvent: (topic, offset, event) => {
      if (event.post_id === postId) events.push({ topic, offset: String(offset), event });
    },
  });
  const story = tellStory(program, { postId, at, events, predictions });
  const again = await rescore(program, story.prediction, { directory });
  const { stdout } = process;
  print(output, { ...story, again }, () =>
    renderStory(story, again, { width: widthOf(stdout), paint: paintFor(stdout) }),
  );
  if (!again.isEqual) process.exitCode = 1;
};
