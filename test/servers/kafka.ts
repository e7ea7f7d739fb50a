import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, freePorts, startDaemon } from './daemon.ts';
import { ensureKafka } from './kafka-jars.ts';

/** A broker of our own, on loopback. */
export interface RunningKafka {
  readonly brokers: readonly string[];
  /** Where a link to it has to lead, whose clients are told to come by it: `linkPort` of its options. */
  readonly behindLink: number;
  /** Ends it and deletes what it has stored. */
  stop(): Promise<void>;
  /** kill -9. What it has stored stays. */
  kill(): Promise<void>;
  /** After `kill`, at the same address. */
  restart(): Promise<void>;
}

const single = [
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
  'share.coordinator.state.topic.replication.factor',
  'share.coordinator.state.topic.min.isr',
];

type Settings = Readonly<Record<string, string>>;

const propertiesOf = (
  folder: string,
  [broker, controller, behindLink]: readonly number[],
  { host, linkPort, settings }: { readonly host: string; readonly linkPort: number; readonly settings: Settings },
): string =>
  [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://${host}:${broker},LINKED://127.0.0.1:${behindLink},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=PLAINTEXT://${host}:${broker},LINKED://127.0.0.1:${linkPort}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LINKED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(folder, 'log')}`,
    ...single.map((name) => `${name}=1`),
    'offsets.topic.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    // Compacted topics are looked at often, so that tests see compaction.
    'log.cleaner.backoff.ms=300',
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  ].join('\n');

const logging = `rootLogger.level = info
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %p %m%n
`;

interface KafkaPlace {
  /** Where clients find it. */
  readonly host?: string;
  /** Where those find it who come by `behindLink`; absent: there is no link. */
  readonly linkPort?: number;
}

/** Starts one broker in KRaft mode; about four seconds. `settings` are put behind its properties. */
export const startKafka = async (
  settings: Settings = {},
  { host = '127.0.0.1', linkPort }: KafkaPlace = {},
): Promise<RunningKafka> => {
  const { java, classPath } = ensureKafka();
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-kafka-'));
  const ports = await freePorts(3);
  const [broker, , behindLink = 0] = ports;
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, propertiesOf(folder, ports, { host, linkPort: linkPort ?? behindLink, settings }));
  writeFileSync(join(folder, 'log4j2.properties'), logging);
  const words = (program: string, ...rest: readonly string[]): string[] => [
    '-Xmx320m',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    ...['-cp', classPath, program, ...rest],
  ];
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const id = randomBytes(16).toString('base64url');
  const format = spawnSync(java, words('kafka.tools.StorageTool', 'format', '-t', id, '-c', properties));
  if (format.status !== 0) {
    remove();
    throw new Error(`Cannot start Kafka: its storage could not be formatted:\n${format.stdout}${format.stderr}`);
  }
  const start = (): Promise<Daemon> =>
    startDaemon({
      command: java,
      words: words('kafka.Kafka', properties),
      folder,
      readyText: 'Kafka Server started',
      readyWithinMs: 120_000,
    });
  let daemon = await start().catch((error) => {
    remove();
    throw error;
  });
  return {
    brokers: [`${host}:${broker}`],
    behindLink,
    // Nothing of it is to be kept, so it need not end in good order, which takes it seconds.
    stop: async () => {
      await daemon.kill();
      remove();
    },
    kill: () => daemon.kill(),
    restart: async () => {
      daemon = await start();
    },
  };
};
