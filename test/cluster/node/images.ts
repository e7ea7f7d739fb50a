import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, say } from '../../servers/programs.ts';
import { bases, ensureBases } from './bases.ts';
import { buildah } from './buildah.ts';
import { pauseImage } from './containerd.ts';
import { dnsImage } from './dns.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The image of all programs in Node, as the node knows it. */
const programsImage = 'localhost/groundswell:e2e';

const archiveFolder = (): string => join(cacheFolder(), 'images', 'archives');

/** The image as a file, made when there is none of that key; those of other keys are removed. */
const archived = async (image: string, key: string, build: () => Promise<void>): Promise<string> => {
  const name = image.replace(/^localhost\//, '').replace(':', '-');
  const archive = join(archiveFolder(), `${name}.${key}.tar`);
  if (existsSync(archive)) return archive;
  await build();
  mkdirSync(archiveFolder(), { recursive: true });
  for (const old of globSync(`${name}.*.tar*`, { cwd: archiveFolder() })) rmSync(join(archiveFolder(), old));
  const part = `${archive}.part`;
  await buildah('push', '--quiet', image, `docker-archive:${part}:${image}`);
  renameSync(part, archive);
  return archive;
};

/** What the Containerfile makes the image from. */
const copied = /^((crds|operator|runtimes)\/|package(-lock)?\.json$|build\.ts$|tsconfig[^/]*$|\.?[cC]ontainer)/;

/** Of everything that the image is built from. */
const keyOfTree = (): string => {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', words, { cwd: root, encoding: 'utf8' }).split('\0');
  const hash = createHash('sha256').update(bases.node);
  for (const file of files.filter((name) => copied.test(name) && !/\.test\.ts$/.test(name)))
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
};

const buildPrograms = async (): Promise<void> => {
  say('Setting up: building the image of the programs by the Containerfile (again after each change; about 3 min)');
  const args = ['--build-arg', `BUILD=${bases.node}`, '--build-arg', `BASE=${bases.debian}`];
  // Of the stages, only what comes out is kept.
  const options = ['--isolation', 'chroot', '--network', 'host', '--pull-never', '--layers=false'];
  await buildah('build', ...options, ...args, '-t', programsImage, '-f', join(root, 'Containerfile'), root);
};

/** Archives of all images that the node runs, built as needed. */
export const ensureImages = async (): Promise<readonly string[]> => {
  await ensureBases();
  const nothingToDo = async (): Promise<void> => undefined;
  return [
    await archived(pauseImage, '1', nothingToDo),
    await archived(dnsImage, '1', nothingToDo),
    await archived(programsImage, keyOfTree(), buildPrograms),
  ];
};
