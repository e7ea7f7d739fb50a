import { type MouseEvent, type ReactNode, useSyncExternalStore } from 'react';

/** Pages of the site, by path; the server answers each of them with the same file. */
const places = [
  { path: '/', name: 'Top' },
  { path: '/heatmap', name: 'Heatmap' },
  { path: '/pipeline', name: 'Pipeline' },
  { path: '/rollouts', name: 'Rollouts' },
  { path: '/models', name: 'Models' },
  { path: '/alerts', name: 'Alerts' },
  { path: '/timelines', name: 'Timelines' },
] as const;

/** A page of its own that the navigation does not name: `?id=` says which post. */
const post = { path: '/post', name: 'Post' } as const;

const pages = [...places, post];

export type Path = (typeof pages)[number]['path'];

export const nameOf = (path: Path): string => pages.find((page) => page.path === path)?.name ?? '';

export const postPath = ({ post_id: id }: { readonly post_id: string }): string =>
  `${post.path}?id=${encodeURIComponent(id)}`;

const listen = (onChange: () => void): (() => void) => {
  addEventListener('popstate', onChange);
  return () => removeEventListener('popstate', onChange);
};

/** Where the reader is; what is no page of ours is the first one. */
export const usePath = (): Path => {
  const path = useSyncExternalStore(listen, () => location.pathname);
  return pages.find((page) => page.path === path)?.path ?? '/';
};

/** A parameter of the address; '' without. */
export const useParameter = (name: string): string =>
  useSyncExternalStore(listen, () => new URLSearchParams(location.search).get(name) ?? '');

const go = (event: MouseEvent<HTMLAnchorElement>): void => {
  // A new tab, or a download, is for the browser.
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  dispatchEvent(new PopStateEvent('popstate'));
  scrollTo(0, 0);
};

interface LinkProps {
  readonly to: string;
  readonly isHere?: boolean;
  readonly children: ReactNode;
}

export const Link = ({ to, isHere = false, children }: LinkProps) => (
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
