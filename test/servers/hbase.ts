import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, freePorts, startDaemon } from './daemon.ts';
import { ensureJars, type JarsWanted } from './maven.ts';
import { findProgram } from './programs.ts';

/** An HBase of our own, on loopback: master, region server and ZooKeeper in one process, and the REST server beside it. */
export interface RunningHbase {
  /** Of the REST server. */
  readonly url: string;
  stop(): Promise<void>;
}

const version = '2.6.1';

/** The REST server is not made for hadoop3; what it brings of its own would be there twice. */
const wanted: JarsWanted = {
  what: `HBase ${version}`,
  folder: `hbase-${version}`,
  size: '111 MB',
  artifacts: [
    `org.apache.hbase:hbase-server:${version}-hadoop3`,
    { artifact: `org.apache.hbase:hbase-rest:${version}`, without: ['org.apache.hbase', 'org.apache.hadoop'] },
  ],
};

const requireProgram = (name: string, debianPackage: string): string => {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw new Error(
    `Cannot run ${wanted.what}: "${name}" is not on the PATH, install it (apt-get install ${debianPackage}) or set GROUNDSWELL_HBASE to the address of a REST server`,
  );
};

const siteOf = (settings: Readonly<Record<string, string | number>>): string =>
  `<configuration>\n${Object.entries(settings)
    .map(([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`)
    .join('\n')}\n</configuration>\n`;

const settingsOf = (folder: string, [zooKeeper = 0, rest = 0]: readonly number[]) => ({
  'hbase.rootdir': `file://${join(folder, 'root')}`,
  'hbase.tmp.dir': join(folder, 'tmp'),
  'hbase.unsafe.stream.capability.enforce': 'false',
  'hbase.wal.provider': 'filesystem',
  'hbase.zookeeper.property.dataDir': join(folder, 'zookeeper'),
  'hbase.zookeeper.property.clientPort': zooKeeper,
  'hbase.zookeeper.property.clientPortAddress': '127.0.0.1',
  'hbase.zookeeper.quorum': '127.0.0.1',
  'hbase.master.hostname': 'localhost',
  'hbase.regionserver.hostname': 'localhost',
  'hbase.master.ipc.address': '127.0.0.1',
  'hbase.regionserver.ipc.address': '127.0.0.1',
  'hbase.master.info.port': -1,
  'hbase.regionserver.info.port': -1,
  'hbase.rest.host': '127.0.0.1',
  'hbase.rest.port': rest,
  'hbase.rest.info.port': -1,
  'hbase.localcluster.assign.random.ports': 'true',
});

/** Its jars log by Log4j 1. */
const logging = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%p %m%n
`;

const opened = ['java.base/java.lang=ALL-UNNAMED', 'java.base/java.nio=ALL-UNNAMED'];

/** About 20 seconds, 700 MB. */
export const startHbase = async (): Promise<RunningHbase> => {
  const java = requireProgram('java', 'default-jre-headless');
  const jars = ensureJars(wanted, () => requireProgram('mvn', 'maven'));
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-hbase-'));
  const ports = await freePorts(2);
  mkdirSync(join(folder, 'conf'));
  writeFileSync(join(folder, 'conf', 'hbase-site.xml'), siteOf(settingsOf(folder, ports)));
  writeFileSync(join(folder, 'conf', 'log4j.properties'), logging);
  const words = (memory: string, program: string): string[] => [
    memory,
    '-XX:MaxDirectMemorySize=128m',
    ...opened.flatMap((each) => ['--add-opens', each]),
    ...['-cp', `${join(folder, 'conf')}:${join(jars, '*')}`, program, 'start'],
  ];
  const daemons: Daemon[] = [];
  const stop = async (): Promise<void> => {
    // The REST server first; the master takes long to end in good order, and nothing of it is kept.
    for (const daemon of daemons.toReversed()) await daemon.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const common = { command: java, folder, readyWithinMs: 300_000 };
    const master = words('-Xmx768m', 'org.apache.hadoop.hbase.master.HMaster');
    daemons.push(await startDaemon({ ...common, words: master, readyText: 'Master has completed initialization' }));
    const rest = words('-Xmx256m', 'org.apache.hadoop.hbase.rest.RESTServer');
    daemons.push(await startDaemon({ ...common, words: rest, readyText: 'Started ServerConnector' }));
    return { url: `http://127.0.0.1:${ports[1]}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
