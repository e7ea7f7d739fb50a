import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** A fenced block of a page. */
export interface Block {
  /** First word behind the fence, as in `sh`; empty where there is none. */
  readonly language: string;
  /** Further words. */
  readonly words: readonly string[];
  readonly text: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
}

export interface Page {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly blocks: readonly Block[];
  /** Targets of links and pictures, as written, outside of blocks. */
  readonly links: readonly string[];
  /** Anchors of its headings, as GitHub and the site make them. */
  readonly anchors: ReadonlySet<string>;
}

const fence = /^( *)(`{3,})(.*)$/;

const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replace(/ /g, '-');

const linksIn = (line: string): readonly string[] =>
  [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

const parsePage = (path: string, text: string): Page => {
  const blocks: Block[] = [];
  const links: string[] = [];
  const anchors = new Set<string>();
  let open: { indent: string; marks: string; info: string[]; lines: string[]; line: number } | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    const [, indent = '', marks = '', info = ''] = fence.exec(line) ?? [];
    if (open !== undefined) {
      if (marks === open.marks && info.trim() === '') {
        const [language = '', ...words] = open.info;
        blocks.push({ language, words, text: open.lines.join('\n'), line: open.line });
        open = undefined;
      } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else if (marks !== '') open = { indent, marks, info: info.trim().split(/\s+/), lines: [], line: i + 2 };
    else {
      links.push(...linksIn(line));
      const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
      if (heading !== undefined) anchors.add(anchorOf(heading));
    }
  }
  if (open !== undefined) throw new Error(`Cannot read ${path}: the block of line ${open.line} has no end, close it`);
  return { path, blocks, links, anchors };
};

export const readPage = async (path: string): Promise<Page> =>
  parsePage(path, await readFile(join(root, path), 'utf8'));
