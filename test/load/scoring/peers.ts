import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DaemonOptions, freePorts, startDaemon } from '../../servers/daemon.ts';
import { pythonOf } from '../../servers/python.ts';
import { startServer } from '../../serving/server.ts';
import { modelFile, modelName } from './cases.ts';

/** A server of the model. */
export interface Peer {
  readonly name: string;
  readonly pid: number;
  readonly protocol: 'grpc' | 'http' | 'flask';
  /** `host:port` */
  readonly address: string;
  stop(): Promise<void>;
}

type Start = () => Promise<readonly Peer[]>;

const folder = join(import.meta.dirname, 'python');
const script = (name: string): string => join(folder, name);

/** Both doors of ours, in one process. */
export const ours =
  (name = 'groundswell', ...args: readonly string[]): Start =>
  async () => {
    const server = await startServer([modelFile()], args);
    const rest = { pid: server.child.pid ?? 0, stop: server.stop };
    return [
      { ...rest, name: `${name} gRPC`, protocol: 'grpc', address: server.grpc },
      { ...rest, name: `${name} HTTP`, protocol: 'http', address: server.http },
    ];
  };

const python = (lock: string, options: Pick<DaemonOptions, 'words' | 'readyText'> & { env?: Record<string, string> }) =>
  startDaemon({
    command: 'env',
    words: [
      ...Object.entries(options.env ?? {}).map(([key, value]) => `${key}=${value}`),
      pythonOf(script(lock)),
      ...options.words,
    ],
    folder,
    readyText: options.readyText,
    readyWithinMs: 60_000,
  });

const flask: Start = async () => {
  const [port] = await freePorts(1);
  const words = [script('flask_peer.py'), modelFile(), String(port)];
  const daemon = await python('peers.lock', { words, readyText: 'Running' });
  return [{ ...daemon, name: 'Flask', protocol: 'flask', address: `127.0.0.1:${port}` }];
};

const gunicorn: Start = async () => {
  const [port] = await freePorts(1);
  const words = ['-m', 'gunicorn', '-w', '2', '-k', 'gthread', '--threads', '64', '-b', `127.0.0.1:${port}`];
  const env = { MODEL: modelFile() };
  const daemon = await python('peers.lock', { env, words: [...words, 'flask_peer:app'], readyText: 'Booting worker' });
  return [{ ...daemon, name: 'Flask, gunicorn × 2', protocol: 'flask', address: `127.0.0.1:${port}` }];
};

const mlserver: Start = async () => {
  const [http, grpc, metrics] = await freePorts(3);
  const models = mkdtempSync(join(tmpdir(), 'groundswell-mlserver-'));
  const settings = { name: modelName, implementation: 'mlserver_peer.Onnx' };
  writeFileSync(join(models, 'model-settings.json'), JSON.stringify(settings));
  const own = { parallel_workers: 0, debug: false, host: '127.0.0.1', http_port: http, grpc_port: grpc };
  writeFileSync(join(models, 'settings.json'), JSON.stringify({ ...own, metrics_port: metrics }));
  const env = { MODEL: modelFile(), PYTHONPATH: folder };
  const words = [join(dirname(pythonOf(script('peers.lock'))), 'mlserver'), 'start', models];
  const daemon = await python('peers.lock', { env, words, readyText: 'Loaded model' });
  const rest = {
    pid: daemon.pid,
    stop: async () => {
      await daemon.stop();
      rmSync(models, { recursive: true, force: true });
    },
  };
  return [
    { ...rest, name: 'MLServer gRPC', protocol: 'grpc', address: `127.0.0.1:${grpc}` },
    { ...rest, name: 'MLServer HTTP', protocol: 'http', address: `127.0.0.1:${http}` },
  ];
};

const kserve: Start = async () => {
  const [http, grpc] = await freePorts(2);
  const words = [script('kserve_peer.py'), modelFile(), String(http), String(grpc)];
  const daemon = await python('kserve.lock', { words, readyText: 'Running' });
  return [{ ...daemon, name: 'KServe gRPC', protocol: 'grpc', address: `127.0.0.1:${grpc}` }];
};

/** Others' servers. What cannot be set up here is skipped, and said so. */
export const startPeers = async (): Promise<readonly Peer[]> => {
  const peers: Peer[] = [];
  for (const start of [flask, gunicorn, mlserver, kserve]) {
    try {
      peers.push(...(await start()));
    } catch (error) {
      process.stderr.write(`Skipping a peer: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return peers;
};
