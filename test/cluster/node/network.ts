import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Of the pods, with the node as the first of them; set aside for tests (RFC 2544), as is that of the Services. */
export const podRange = '198.18.0.0/24';
/** Where pods find the node: the API server, and what tests start beside it. */
export const nodeAddress = '198.18.0.1';
export const dnsAddress = '198.19.0.10';
const serviceRange = '198.19.0.0/16';
const bridge = 'groundswell0';

const run = (...words: readonly string[]): void => {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot make the network of the node: ip ${words.join(' ')} said ${stderr}`);
};

/** A bridge that pods are plugged into, in the network namespace of this process. */
export const makeBridge = (): void => {
  run('link', 'set', 'lo', 'up');
  run('link', 'add', bridge, 'type', 'bridge');
  run('addr', 'add', `${nodeAddress}/24`, 'dev', bridge);
  run('link', 'set', bridge, 'up');
  // There is no way out that would be the way to all else; without one, nothing on the node would reach a Service.
  run('route', 'add', serviceRange, 'dev', bridge);
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  // So that Services work between two pods of the bridge.
  writeFileSync('/proc/sys/net/bridge/bridge-nf-call-iptables', '1');
};

/** What the plugins of containerd read. */
export const networkOfPods = {
  cniVersion: '0.4.0',
  name: 'groundswell',
  plugins: [
    {
      type: 'bridge',
      bridge,
      isGateway: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: podRange }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};
