import type { ScoreAt } from '@groundswell/wire';
import { formatDuration, formatPercent } from '../format.ts';
import { sparklinePath } from './sparkline-path.ts';

const box = { width: 104, height: 30, inset: 3 };

const wordsOf = (history: readonly ScoreAt[]): string => {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined) return 'No scores yet';
  const from = formatPercent(first.score);
  if (first.at === last.at) return `Scored once, ${from}%`;
  return `Score from ${from}% to ${formatPercent(last.score)}% within ${formatDuration(last.at - first.at)}`;
};

export const Sparkline = ({ history }: { readonly history: readonly ScoreAt[] }) => {
  const path = sparklinePath(history, box);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${box.width} ${box.height}`}
      preserveAspectRatio="xMinYMid meet"
      role="img"
      aria-label={wordsOf(history)}
    >
      {path !== undefined && (
        <>
          <path className="sparkline-area" d={path.area} />
          <path className="sparkline-line" d={path.line} />
          <circle className="sparkline-last" cx={path.last.x} cy={path.last.y} r="2.5" />
        </>
      )}
    </svg>
  );
};
