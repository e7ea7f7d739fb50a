import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Daemon } from '../../servers/daemon.ts';
import { startWithFlags } from '../daemons.ts';
import { runWith } from '../kubectl.ts';
import { networkOfPods } from './network.ts';

/** Of the container that holds the namespaces of a pod. */
export const pauseImage = 'localhost/groundswell-pause:1';

const config = (folder: string): string => `version = 2
root = "${folder}/containerd"
state = "${folder}/containerd-state"
[grpc]
  address = "${folder}/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/containerd-opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Without it no pod starts where CAP_SYS_RESOURCE is missing.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
`;

export const socketIn = (folder: string): string => join(folder, 'containerd.sock');

/** Runs containers, and plugs them into the bridge. */
export const startContainerd = (folder: string): Promise<Daemon> => {
  mkdirSync(join(folder, 'cni'));
  writeFileSync(join(folder, 'cni', 'groundswell.conflist'), JSON.stringify(networkOfPods));
  const file = join(folder, 'containerd.toml');
  writeFileSync(file, config(folder));
  return startWithFlags(folder, {
    command: 'containerd',
    flags: { config: file },
    readyText: 'containerd successfully booted',
  });
};

/** Gives it an image, a docker-archive. */
export const importImage = async (folder: string, archive: string): Promise<void> => {
  const words = ['--address', socketIn(folder), '--namespace', 'k8s.io', 'images', 'import', archive];
  await runWith({ command: 'ctr', kubeconfig: '' }, words);
};
