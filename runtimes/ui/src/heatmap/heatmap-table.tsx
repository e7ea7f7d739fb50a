import { type KeyboardEvent, useRef, useState } from 'react';
import { formatClock, formatCompact, formatCount, formatDay } from '../format.ts';
import { moveOf, type Place } from './grid-keys.ts';
import { type GridCell, type GridDay, type HeatmapGrid, levels } from './heatmap-grid.ts';

const hours = Array.from({ length: 24 }, (_, hour) => hour);

const spanOf = ({ start, end }: GridCell): string => `${formatDay(start)}, ${formatClock(start)}–${formatClock(end)}`;

interface DayRowProps {
  readonly day: GridDay;
  readonly row: number;
  /** The cell of this row that takes the focus by Tab, if it is here. */
  readonly tabHour: number | undefined;
  readonly onPoint: (place: Place) => void;
}

const DayRow = ({ day, row, tabHour, onPoint }: DayRowProps) => (
  <tr>
    <th scope="row">{day.label}</th>
    {day.hours.map((cell, hour) => (
      <td
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the hour of the day
        key={hour}
        className={cell === undefined ? 'heat heat-unknown' : `heat heat-${cell.level}`}
        tabIndex={hour === tabHour ? 0 : -1}
        onFocus={() => onPoint({ row, hour })}
        onPointerEnter={() => onPoint({ row, hour })}
      >
        <span className="hidden">{cell === undefined ? 'unknown' : formatCount(cell.value)}</span>
      </td>
    ))}
  </tr>
);

const HourHeadings = () => (
  <thead>
    <tr>
      <td />
      {hours.map((hour) => (
        <th key={hour} scope="col">
          {hour % 6 === 0 ? hour : <span className="hidden">{hour}</span>}
        </th>
      ))}
    </tr>
  </thead>
);

const Legend = ({ most }: { readonly most: number }) => (
  <p className="legend">
    <span>0</span>
    {Array.from({ length: levels + 1 }, (_, level) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the index is the level
      <span key={level} className={`legend-step heat-${level}`} aria-hidden="true" />
    ))}
    <span>{formatCompact(most)}</span>
  </p>
);

const newestOf = (days: readonly GridDay[]): Place => {
  const row = days.length - 1;
  const known = days[row]?.hours.findLastIndex((cell) => cell !== undefined) ?? 0;
  return { row, hour: Math.max(0, known) };
};

interface HeatmapTableProps {
  readonly grid: HeatmapGrid;
  readonly measure: string;
}

/** A table, so that it can be read without seeing colours; the arrow keys walk through it and a line says what is under the cursor. */
export const HeatmapTable = ({ grid: { days, most }, measure }: HeatmapTableProps) => {
  const [pointed, setPointed] = useState<Place>();
  const body = useRef<HTMLTableSectionElement>(null);
  const newest = newestOf(days);
  const place = pointed !== undefined && pointed.row < days.length ? pointed : newest;
  const cell = days[place.row]?.hours[place.hour];

  const walk = (event: KeyboardEvent) => {
    const next = moveOf(event.key, place, days.length);
    if (next === undefined) return;
    event.preventDefault();
    body.current?.rows[next.row]?.querySelectorAll<HTMLElement>('td')[next.hour]?.focus();
  };

  return (
    <>
      <table
        className="heatmap"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that the arrow keys walk through
        role="grid"
        aria-labelledby="heatmap-title"
        onPointerLeave={() => setPointed(undefined)}
      >
        <HourHeadings />
        <tbody ref={body} onKeyDown={walk}>
          {days.map((day, row) => (
            <DayRow
              key={day.key}
              day={day}
              row={row}
              tabHour={row === place.row ? place.hour : undefined}
              onPoint={setPointed}
            />
          ))}
        </tbody>
      </table>
      <div className="heatmap-foot">
        <p className="readout">
          {cell === undefined ? (
            'Nothing is known of this hour'
          ) : (
            <>
              <strong>{formatCount(cell.value)}</strong> {measure}, {spanOf(cell)}
            </>
          )}
        </p>
        <Legend most={most} />
      </div>
    </>
  );
};
