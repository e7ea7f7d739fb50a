import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, findProgram, say } from '../../servers/programs.ts';
import { ensureTool } from '../build.ts';
import { hasImage, makeImage, run } from './buildah.ts';
import { pauseImage } from './containerd.ts';
import { dnsImage } from './dns.ts';

// What stands in for images of a registry, which a test must not need: made from Debian's packages, the Node that runs
// this, and Go. A new number makes them anew.
export const bases = {
  debian: 'localhost/groundswell-base-debian:1',
  node: `localhost/groundswell-base-node:1-${process.versions.node}`,
} as const;

const once = async (name: string, what: string, make: (folder: string) => Promise<void>): Promise<void> => {
  if (await hasImage(name)) return;
  say(`Setting up: making ${what} (once)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'making-'));
  try {
    await make(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const unneeded = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info', 'var/lib/apt/lists'];

const debian = () =>
  once(bases.debian, 'the root file system of images, from Debian packages: about 2 min', async (folder) => {
    const root = join(folder, 'root');
    await run('debootstrap', '--variant=minbase', '--include=ca-certificates', 'bookworm', root);
    for (const name of unneeded) rmSync(join(root, name), { recursive: true, force: true });
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    await makeImage(bases.debian, { from: 'scratch', copies: [[root, '/']], config: ['--env', path] });
  });

const node = () =>
  once(bases.node, 'an image with Node and npm', async () => {
    const npm = findProgram('npm');
    if (npm === undefined)
      throw new Error('Cannot make an image with npm: it is not on the PATH, install Node with npm');
    // Where this machine trusts other authorities, the build has to as well.
    const authorities = process.env['NODE_EXTRA_CA_CERTS'];
    const authoritiesThere = '/usr/local/share/authorities.pem';
    await makeImage(bases.node, {
      from: bases.debian,
      copies: [
        [realpathSync(process.execPath), '/usr/local/bin/node'],
        [dirname(dirname(realpathSync(npm))), '/usr/local/lib/npm'],
        ...(authorities === undefined ? [] : [[authorities, authoritiesThere] as const]),
      ],
      script: 'ln -s ../lib/npm/bin/npm-cli.js /usr/local/bin/npm',
      config: authorities === undefined ? [] : ['--env', `NODE_EXTRA_CA_CERTS=${authoritiesThere}`],
    });
  });

const pauseProgram = `package main

import ("os"; "os/signal"; "syscall")

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}
`;

const pause = () =>
  once(pauseImage, 'the image that holds the namespaces of pods', async (folder) => {
    const source = join(folder, 'pause.go');
    writeFileSync(source, pauseProgram);
    await run('env', 'CGO_ENABLED=0', 'go', 'build', '-ldflags', '-s -w', '-o', join(folder, 'pause'), source);
    const config = ['--user', '65532:65532', '--entrypoint', '["/pause"]'];
    await makeImage(pauseImage, { from: 'scratch', copies: [[join(folder, 'pause'), '/pause']], config });
  });

const coreDns = async () => {
  const program = await ensureTool('coredns');
  await once(dnsImage, 'the image of CoreDNS', () =>
    makeImage(dnsImage, {
      from: 'scratch',
      copies: [[program, '/coredns']],
      config: ['--user', '65532:65532', '--entrypoint', '["/coredns"]'],
    }),
  );
};

/** All that images are made from, and those of the node itself. */
export const ensureBases = async (): Promise<void> => {
  await debian();
  await node();
  await pause();
  await coreDns();
};
