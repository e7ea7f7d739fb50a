import type { Heatmap } from '@groundswell/wire';
import { useState } from 'react';
import { formatName } from '../format.ts';
import { heatmapGrid, measuresOf } from './heatmap-grid.ts';
import { HeatmapTable } from './heatmap-table.tsx';

interface MeasurePickerProps {
  readonly measures: readonly string[];
  readonly chosen: string;
  readonly onChoose: (measure: string) => void;
}

const MeasurePicker = ({ measures, chosen, onChoose }: MeasurePickerProps) => (
  <fieldset className="picker">
    <legend className="hidden">What the heatmap shows</legend>
    {measures.map((measure) => (
      <label key={measure}>
        <input type="radio" name="measure" checked={measure === chosen} onChange={() => onChoose(measure)} />
        <span>{formatName(measure)}</span>
      </label>
    ))}
  </fieldset>
);

const noteOf = (heatmap: Heatmap | null | undefined): string | undefined => {
  if (heatmap === undefined) return 'Waiting for the first windows.';
  if (heatmap === null)
    return 'This pipeline declares no heatmap. Name a window in spec.ui.heatmap.windowRef to see one.';
  if (heatmap.cells.length === 0)
    return 'No window has closed yet. The first hour appears when its watermark has passed.';
  return undefined;
};

export const HeatmapPanel = ({ heatmap }: { readonly heatmap: Heatmap | null | undefined }) => {
  const [wish, setWish] = useState<string>();
  const note = noteOf(heatmap);
  const measures = heatmap ? measuresOf(heatmap) : [];
  const measure = measures.find((name) => name === wish) ?? measures[0];
  return (
    <section className="panel panel-heatmap" aria-labelledby="heatmap-title">
      <div className="panel-head">
        <h2 id="heatmap-title">Engagement by hour</h2>
        {measures.length > 1 && measure !== undefined && (
          <MeasurePicker measures={measures} chosen={measure} onChoose={setWish} />
        )}
      </div>
      {note !== undefined && <p className="note">{note}</p>}
      {note === undefined && heatmap && measure !== undefined && (
        <HeatmapTable grid={heatmapGrid(heatmap, measure)} measure={formatName(measure)} />
      )}
    </section>
  );
};
