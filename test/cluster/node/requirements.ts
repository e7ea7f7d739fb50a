import { existsSync, readFileSync } from 'node:fs';
import { findProgram, installPackages } from '../../servers/programs.ts';

const programs: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  iptables: 'iptables',
  conntrack: 'conntrack',
  ip: 'iproute2',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  buildah: 'buildah',
  debootstrap: 'debootstrap',
};
const plugins = '/usr/lib/cni/bridge';

const packagesMissing = (): readonly string[] => {
  const names = Object.keys(programs).filter((name) => findProgram(name) === undefined);
  const packages = names.map((name) => programs[name] ?? name);
  return [...new Set([...packages, ...(existsSync(plugins) ? [] : ['containernetworking-plugins'])])];
};

/** Numbers of capabilities, from linux/capability.h. */
const capabilities = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_MKNOD: 27 } as const;

const capabilitiesMissing = (): readonly string[] => {
  const [, text = '0'] = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const held = BigInt(`0x${text}`);
  return Object.entries(capabilities).flatMap(([name, bit]) => ((held >> BigInt(bit)) & 1n ? [] : [name]));
};

/** Installs what a node needs, where that is possible, and says what is missing still; nothing when a node can run. */
export const missingForNode = (): readonly string[] => {
  if (process.platform !== 'linux') return ['Linux'];
  if (process.getuid?.() !== 0) return ['to be root (sudo make e2e)'];
  const absent = packagesMissing();
  if (absent.length > 0) installPackages(...absent);
  const filesystems = readFileSync('/proc/filesystems', 'utf8');
  return [
    ...packagesMissing().map((name) => `the Debian package ${name}`),
    ...capabilitiesMissing(),
    ...(/\boverlay$/m.test(filesystems) ? [] : ['the filesystem overlay in the kernel']),
    ...(existsSync('/proc/sys/net/bridge') ? [] : ['br_netfilter in the kernel (modprobe br_netfilter)']),
  ];
};
