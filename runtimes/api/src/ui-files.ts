import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { getMimeType } from 'hono/utils/mime';

/** One file of the page, held in memory. */
export interface UiFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}

const readUiFile = async (path: string, url: string): Promise<UiFile> => {
  const bytes = new Uint8Array(await readFile(path));
  return {
    bytes,
    type: getMimeType(path) ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    // What lies under assets/ has a hash of its content in its name.
    cacheControl: url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
};

/** Pages of the site: the script in the one file tells them apart (`runtimes/ui/src/route`). */
const pages = ['/', '/heatmap', '/pipeline', '/rollouts', '/models', '/alerts', '/timelines', '/post'];

/**
 * Reads the built page by URL path, once: a few files, and no request can then name a file of this machine.
 * @throws Error when the directory holds no index.html
 */
export const readUiFiles = async (directory: string): Promise<ReadonlyMap<string, UiFile>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, UiFile>();
  for (const path of paths) {
    const url = `/${relative(directory, path).split(sep).join('/')}`;
    files.set(url, await readUiFile(path, url));
  }
  const index = files.get('/index.html');
  if (index === undefined) {
    throw new Error(
      `Cannot serve the page from "${directory}": it holds no index.html, run npm run build -w @groundswell/ui`,
    );
  }
  for (const page of pages) files.set(page, index);
  return files;
};
