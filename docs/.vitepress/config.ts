import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { defineConfig } from 'vitepress';

const docs = join(import.meta.dirname, '..');
const repository = join(docs, '..');

/** Where the source is browsed, as in https://git.example.com/team/groundswell/blob/main. Without it, links to files are left as text. */
const source = process.env['GROUNDSWELL_SOURCE'];

const titleOf = (path: string): string =>
  /^# (.*)$/m.exec(readFileSync(join(docs, path), 'utf8'))?.[1]?.replaceAll('`', '') ?? path;

const item = (path: string) => ({ text: titleOf(path), link: `/${path.replace(/\.md$/, '')}` });

/** All pages of a folder, those that are named first. */
const folder = (name: string, ...first: readonly string[]) => {
  const all = readdirSync(join(docs, name)).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const ordered = [
    ...first.map((file) => `${file}.md`),
    ...all.filter((file) => !first.includes(file.replace('.md', ''))),
  ];
  return ordered.map((file) => item(`${name}/${file}`));
};

const group = (text: string, items: readonly { text: string; link: string }[], collapsed = false) => ({
  text,
  items: [...items],
  collapsed,
});

/** A link from a page to a file that is not a page of the site. */
const leaves = (from: string, href: string): string | undefined => {
  if (/^([a-z]+:|#|\/)/.test(href)) return undefined;
  const path = join(docs, dirname(from), href.split('#')[0] ?? '');
  const isPage = path.startsWith(`${docs}/`) && path.endsWith('.md') && existsSync(path);
  return isPage || !existsSync(path) ? undefined : relative(repository, path);
};

// VitePress finds its configuration by the default export.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig({
  title: 'Groundswell',
  description: 'Real-time pipelines over social events, from Kubernetes resources',
  ignoreDeadLinks: 'localhostLinks',
  outDir: './dist',
  cacheDir: './node_modules/.vitepress',
  cleanUrls: true,
  rewrites: { 'api/README.md': 'api/index.md' },
  markdown: {
    config: (md) => {
      md.core.ruler.push('files', (state) => {
        for (const { children } of state.tokens)
          for (const token of children ?? []) {
            if (token.type !== 'link_open') continue;
            const file = leaves(String(state.env.relativePath ?? ''), String(token.attrGet('href') ?? ''));
            if (file === undefined) continue;
            if (source === undefined)
              token.attrs = [
                ['class', 'file'],
                ['title', file],
              ];
            else token.attrSet('href', `${source}/${file}`);
          }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Begin', link: '/start/laptop' },
      { text: 'Reference', link: '/api/' },
      { text: 'Operations', link: '/operations/install' },
    ],
    sidebar: [
      group('Begin', folder('start', 'laptop', 'cluster', 'argo-cd')),
      group('Tutorials', folder('tutorials', 'viral-posts', 'timelines', 'ranked-feed', 'recommendations')),
      group('Concepts', folder('concepts', 'programs', 'time', 'delivery', 'models')),
      group('Reference', [
        { text: 'Resources', link: '/api/' },
        ...folder('api', 'viralitypipeline', 'featurewindow', 'scoringmodel', 'feed', 'recommender'),
        item('expressions.md'),
      ]),
      group('Operations', folder('operations', 'install', 'running', 'sources', 'sizing', 'scaling')),
      group('Performance', folder('performance')),
      group('More', [item('status.md'), item('comparison.md'), item('reading.md')]),
      group('Decisions', folder('decisions'), true),
    ],
  },
});
