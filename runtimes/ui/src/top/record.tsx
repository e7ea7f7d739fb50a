import type { PostOutcome, ScoreRecord } from '@groundswell/wire';
import { formatCount, formatPercent } from '../format.ts';

const whole = (share: number): string => String(Math.round(share * 100));

/** What became of posts with such a score, in a sentence. */
export const recordText = ({ from, to, posts, positives, low, high }: ScoreRecord): string =>
  `Of ${formatCount(posts)} posts that had a score of ${whole(from)} to ${whole(to)}%, ${formatPercent(positives / posts)}% came true (95% sure: ${whole(low)} to ${whole(high)}%)`;

/** How sure a score is, where there is little room. */
export const Record = ({ record }: { readonly record: ScoreRecord }) => (
  <p className="score-record" title={recordText(record)}>
    <span aria-hidden="true">
      {whole(record.low)}–{whole(record.high)}% did
    </span>
    <span className="hidden">{recordText(record)}</span>
  </p>
);

/** What became of a post, beside what was predicted. */
export const Actual = ({ outcome: { outcome, positive, value } }: { readonly outcome: PostOutcome }) => (
  <p className="score-record" title={`It came to ${formatCount(value)}`}>
    <strong className={positive ? 'effect effect-up' : 'effect effect-down'}>
      {positive ? outcome : `not ${outcome}`}
    </strong>
  </p>
);
