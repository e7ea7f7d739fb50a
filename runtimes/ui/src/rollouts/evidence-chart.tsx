import type { RolloutPoint } from '@groundswell/wire';
import { formatCount, formatDuration } from '../format.ts';
import { evidencePath } from './evidence-path.ts';

const box = { width: 640, height: 150, inset: 6 };

/** How sure it is that the challenger is better, and how sure that has to be. */
export const EvidenceChart = ({ points }: { readonly points: readonly RolloutPoint[] }) => {
  const path = evidencePath(points, box);
  const [first, newest] = [points[0], points.at(-1)];
  if (path === undefined || first === undefined || newest === undefined)
    return <p className="note">No evidence yet. The first labels have to mature.</p>;
  const words = `Evidence ${newest.evidence.toPrecision(3)} of the ${formatCount(newest.boundary)} that are needed, over ${formatDuration(newest.at - first.at)}`;
  return (
    <figure className="evidence">
      <svg viewBox={`0 0 ${box.width} ${box.height}`} role="img" aria-label={words}>
        <line className="evidence-boundary" x1="0" x2={box.width} y1={path.boundary} y2={path.boundary} />
        <path className="sparkline-line" d={path.line} />
        <circle className="sparkline-last" cx={path.last.x} cy={path.last.y} r="3.5" />
      </svg>
      <figcaption className="note">
        {words}. The dashed line is the boundary; evidence is drawn by its logarithm.
      </figcaption>
    </figure>
  );
};
