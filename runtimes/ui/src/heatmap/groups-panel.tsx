import type { Heatmap } from '@groundswell/wire';
import { formatClock, formatCount, formatDay, formatName } from '../format.ts';
import { groupRows, groupsOf } from './groups.ts';
import { levelOf } from './heatmap-grid.ts';

const Group = ({ heatmap, group }: { readonly heatmap: Heatmap; readonly group: string }) => {
  const { hours, rows, most } = groupRows(heatmap, group);
  return (
    <table className="heatmap heatmap-groups">
      <caption>By {formatName(group)}</caption>
      <thead>
        <tr>
          <td />
          {hours.map((hour, i) => (
            <th key={hour} scope="col">
              {i % 6 === 5 ? formatClock(hour) : <span className="hidden">{formatClock(hour)}</span>}
            </th>
          ))}
          <th scope="col" className="number">
            Sum
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ value, counts, total }) => (
          <tr key={value}>
            <th scope="row" dir="auto" title={value}>
              {value}
            </th>
            {counts.map((count, i) => (
              <td
                key={hours[i]}
                className={`heat heat-${levelOf(count, most)}`}
                title={`${formatCount(count)}, ${formatDay(hours[i] ?? 0)} ${formatClock(hours[i] ?? 0)}`}
              >
                <span className="hidden">{formatCount(count)}</span>
              </td>
            ))}
            <td className="number">{formatCount(total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** The last 24 hours, by what the window counts the most frequent values of. */
export const GroupsPanel = ({ heatmap }: { readonly heatmap: Heatmap | null | undefined }) => {
  const groups = heatmap ? groupsOf(heatmap) : [];
  return (
    <section className="panel" aria-labelledby="groups-title">
      <div className="panel-head">
        <h2 id="groups-title">The last 24 hours</h2>
      </div>
      {heatmap && groups.map((group) => <Group key={group} heatmap={heatmap} group={group} />)}
      {groups.length === 0 && (
        <p className="note">
          The window counts no most frequent values. A topK of event.tags, event.source or event.lang in it shows them
          here.
        </p>
      )}
    </section>
  );
};
