import type { PageSession } from '@groundswell/wire';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { GroupsPanel } from './heatmap/groups-panel.tsx';
import { HeatmapPanel } from './heatmap/heatmap-panel.tsx';
import type { LiveState } from './live/live-state.ts';
import { useLive } from './live/use-live.ts';
import { ModelsPage } from './models/models-page.tsx';
import { PipelinePage } from './pipeline/pipeline-page.tsx';
import { PostPage } from './post/post-page.tsx';
import { RolloutsPage } from './rollouts/rollouts-page.tsx';
import { nameOf, type Path, Places, usePath } from './route/route.tsx';
import { SignInNote, SignInPanel, Who } from './session/sign-in.tsx';
import { useSession } from './session/use-session.ts';
import { ProgramsPanel } from './status/programs-panel.tsx';
import { StatusLine } from './status/status-line.tsx';
import { TimelinesPage } from './timelines/timelines-page.tsx';
import { TopPanel } from './top/top-panel.tsx';

const Mark = () => (
  <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M2 21c4.6 0 5.2-3.4 8-8s5-8 9-8c4.6 0 7.6 3.5 7.6 7.3 0 3.4-2.3 5.5-5 5.5-2.6 0-4.3-1.8-4.3-4" />
    <path className="mark-water" d="M2 26.5h28" />
  </svg>
);

const Overview = ({ connection, top, status, heatmap }: LiveState) => (
  <>
    <TopPanel connection={connection} newest={top} programs={status?.programs ?? []} />
    <div className="page-side">
      <HeatmapPanel heatmap={heatmap} />
      <ProgramsPanel status={status} />
    </div>
  </>
);

interface PageProps {
  readonly path: Path;
  readonly live: LiveState;
}

const Page = ({ path, live }: PageProps) => {
  switch (path) {
    case '/':
      return <Overview {...live} />;
    case '/heatmap':
      return (
        <>
          <HeatmapPanel heatmap={live.heatmap} />
          <GroupsPanel heatmap={live.heatmap} />
        </>
      );
    case '/pipeline':
      return <PipelinePage status={live.status} />;
    case '/rollouts':
      return <RolloutsPage rollouts={live.rollouts} />;
    case '/models':
      return <ModelsPage />;
    case '/alerts':
      return <AlertsPage />;
    case '/timelines':
      return <TimelinesPage />;
    case '/post':
      return <PostPage />;
  }
};

export const App = () => {
  const session = useSession();
  if (session === undefined) return null;
  return <Site session={session} />;
};

const Site = ({ session }: { readonly session: PageSession }) => {
  const isShown = !session.needed || session.user !== null;
  const live = useLive(isShown);
  const { connection, status } = live;
  const path = usePath();
  return (
    <>
      <title>{path === '/' ? 'Groundswell' : `${nameOf(path)} · Groundswell`}</title>
      <a className="skip" href="#content">
        Skip to the {path === '/' ? 'list' : 'page'}
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
        <div className="masthead-row">
          <Places />
          <Who session={session} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className={path === '/' ? 'page' : 'page page-single'}>
        <SignInNote />
        {isShown ? <Page path={path} live={live} /> : <SignInPanel session={session} />}
      </main>
    </>
  );
};
