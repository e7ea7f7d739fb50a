import { type MouseEvent, type ReactNode, useSyncExternalStore } from 'react';

/** Pages of the site, by path; the server answers each of them with the same file. */
export const places = [
  { path: '/', name: 'Top' },
  { path: '/heatmap', name: 'Heatmap' },
  { path: '/pipeline', name: 'Pipeline' },
  { path: '/rollouts', name: 'Rollouts' },
  { path: '/models', name: 'Models' },
  { path: '/alerts', name: 'Alerts' },
  { path: '/timelines', name: 'Timelines' },
] as const;

export type Path = (typeof places)[number]['path'];

const listen = (onChange: () => void): (() => void) => {
  addEventListener('popstate', onChange);
  return () => removeEventListener('popstate', onChange);
};

/** Where the reader is; what is no page of ours is the first one. */
export const usePath = (): Path => {
  const path = useSyncExternalStore(listen, () => location.pathname);
  return places.find((place) => place.path === path)?.path ?? '/';
};

const go = (event: MouseEvent<HTMLAnchorElement>): void => {
  // A new tab, or a download, is for the browser.
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  dispatchEvent(new PopStateEvent('popstate'));
  scrollTo(0, 0);
};

interface LinkProps {
  readonly to: Path;
  readonly isHere: boolean;
  readonly children: ReactNode;
}

const Link = ({ to, isHere, children }: LinkProps) => (
  <a href={to} onClick={go} aria-current={isHere ? 'page' : undefined}>
    {children}
  </a>
);

export const Places = () => {
  const here = usePath();
  return (
    <nav className="places" aria-label="Pages">
      {places.map(({ path, name }) => (
        <Link key={path} to={path} isHere={path === here}>
          {name}
        </Link>
      ))}
    </nav>
  );
};
