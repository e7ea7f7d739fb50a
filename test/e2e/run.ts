import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools } from '../cluster/build.ts';
import { removeCgroups } from '../cluster/node/cgroups.ts';
import { ensureImages } from '../cluster/node/images.ts';
import { missingForNode } from '../cluster/node/requirements.ts';
import { ensureKafka } from '../servers/kafka-jars.ts';
import { ensureProgram, say } from '../servers/programs.ts';

/**
 * Namespaces of its own: for the network, the mounts and the processes of the node. Whatever the tests start and leave ends
 * with them, and no rule of iptables or mount of theirs is seen outside.
 */
const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Empty ones in place of folders that containerd, kubelet and network plugins write into whatever they are told. */
const folders = '/run /var/log /var/lib/cni /var/lib/kubelet';
const inOwnFolders = [
  'sh',
  '-c',
  `for folder in ${folders}; do mkdir -p $folder && mount -t tmpfs tmpfs $folder || exit 1; done; exec "$@"`,
  'sh',
];

/** Everything that has to be fetched or built, for inside there is no way out. */
const prepare = async (): Promise<Record<string, string>> => {
  ensureKafka();
  ensureProgram('redis-server', 'redis-server', 'make it available');
  await ensureTools('etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy');
  await ensureTools('kubectl', 'helm');
  return { GROUNDSWELL_E2E_IMAGES: (await ensureImages()).join(':') };
};

/** Runs the suite on a real node, or says loudly why it cannot; arguments go on to vitest. */
const main = async (): Promise<number> => {
  const missing = missingForNode();
  if (missing.length > 0) {
    say(`SKIPPED make e2e: this machine cannot run a Kubernetes node, it lacks ${missing.join(', ')}`);
    return 0;
  }
  // With the images that containerd unpacks.
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-e2e-'));
  try {
    const { KUBECONFIG: _, ...rest } = process.env;
    const env = { ...rest, ...(await prepare()), TMPDIR: folder };
    const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
    const config = join(import.meta.dirname, 'vitest.config.ts');
    const words = [process.execPath, vitest, 'run', '--config', config, ...process.argv.slice(2)];
    return spawnSync('unshare', [...own, '--', ...inOwnFolders, ...words], { stdio: 'inherit', env }).status ?? 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    removeCgroups();
    rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = await main();
