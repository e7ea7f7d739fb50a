import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseFiles } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { type Page, readPage, root } from './page.ts';

const paths = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const pages = new Map<string, Page>();
for (const path of paths) pages.set(path, await readPage(path));

const brokenIn = ({ path, links }: Page): readonly string[] =>
  links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && pages.get(target)?.anchors.has(anchor) !== true;
    })
    .map((link) => `${path}: ${link}`);

test('every link leads to a file that is there, and to a heading in it', () => {
  expect([...pages.values()].flatMap(brokenIn)).toEqual([]);
});

test('every page is reached from the README', () => {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const page = pages.get(path);
    if (page === undefined || seen.has(path)) return;
    seen.add(path);
    for (const link of page.links) visit(normalize(join(dirname(path), link.split('#')[0] ?? '')));
  };
  visit('README.md');
  // Decisions are read from where they matter; their folder is linked.
  const lost = paths.filter(
    (path) => path.startsWith('docs/') && !path.startsWith('docs/decisions/') && !seen.has(path),
  );
  expect(lost).toEqual([]);
});

const resources = [...pages.values()].flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language, text }) => ['yaml', 'sh'].includes(language) && text.includes('apiVersion: groundswell.dev/'))
    .map(({ language, text, line }) => ({
      name: `${path}:${line}`,
      // In commands a resource stands between `<<'YAML'` and `YAML`.
      text:
        language === 'yaml'
          ? text
          : [...text.matchAll(/<<'YAML'\n(.*?)^YAML$/gms)].map(([, body]) => body).join('---\n'),
    })),
);

test('there are resources on the pages', () => {
  expect(resources.length).toBeGreaterThan(5);
});

test.each(resources)('the resources at $name are such as the schema has them', ({ name, text }) => {
  const { problems } = parseFiles([{ path: name, text }]);
  expect(problems).toEqual([]);
});
