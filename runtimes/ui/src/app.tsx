import { HeatmapPanel } from './heatmap/heatmap-panel.tsx';
import { useLive } from './live/use-live.ts';
import { ProgramsPanel } from './status/programs-panel.tsx';
import { StatusLine } from './status/status-line.tsx';
import { TopPanel } from './top/top-panel.tsx';

const Mark = () => (
  <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M2 21c4.6 0 5.2-3.4 8-8s5-8 9-8c4.6 0 7.6 3.5 7.6 7.3 0 3.4-2.3 5.5-5 5.5-2.6 0-4.3-1.8-4.3-4" />
    <path className="mark-water" d="M2 26.5h28" />
  </svg>
);

export const App = () => {
  const { connection, top, status, heatmap } = useLive();
  return (
    <>
      <a className="skip" href="#top">
        Skip to the list
      </a>
      <header className="masthead">
        <div className="masthead-row">
          <h1 className="brand">
            <Mark />
            Groundswell
            {status !== undefined && <span className="brand-pipeline">{status.pipeline}</span>}
          </h1>
          <StatusLine connection={connection} status={status} />
        </div>
      </header>
      <main className="page">
        <TopPanel connection={connection} newest={top} programs={status?.programs ?? []} />
        <div className="page-side">
          <HeatmapPanel heatmap={heatmap} />
          <ProgramsPanel status={status} />
        </div>
      </main>
    </>
  );
};
