import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureJars, type JarsWanted } from './maven.ts';
import { cacheFolder, findProgram } from './programs.ts';

const flinkVersion = '2.2.0';

const flink = (artifact: string): string => `org.apache.flink:${artifact}:${flinkVersion}`;

const wanted: JarsWanted = {
  what: `Flink ${flinkVersion}`,
  folder: `flink-${flinkVersion}`,
  size: '143 MB',
  artifacts: [
    ...[
      'table-api-java-bridge',
      'table-planner-loader',
      'table-runtime',
      'clients',
      'streaming-java',
      'json',
      'cep',
    ].map((name) => flink(`flink-${name}`)),
    flink('flink-connector-files'),
    'org.apache.flink:flink-connector-kafka:5.0.0-2.2',
    'org.slf4j:slf4j-simple:1.7.36',
  ],
};

const operatorWanted: JarsWanted = {
  what: "the Flink Kubernetes Operator's API 1.10.0",
  folder: 'flink-operator-api-1.10.0',
  size: '40 MB',
  artifacts: ['org.apache.flink:flink-kubernetes-operator-api:1.10.0'],
};

/** What is missing to run Flink here; undefined where all is there. */
export const flinkLacks = (): string | undefined => {
  const missing = ['java', 'javac', 'mvn'].filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return undefined;
  return `Cannot run Flink ${flinkVersion}: ${missing.join(', ')} not on the PATH, install them (apt-get install default-jdk-headless maven)`;
};

const program = (name: string): string => {
  const path = findProgram(name);
  if (path === undefined) throw new Error(flinkLacks());
  return path;
};
const mvn = (): string => program('mvn');

/** Jar that holds the CRDs of the Flink Kubernetes Operator. */
export const operatorApiJar = (): string =>
  join(ensureJars(operatorWanted, mvn), 'flink-kubernetes-operator-api-1.10.0.jar');

/** The class path of Flink with our runner of scripts, which is compiled once for each version of its source. */
const classPath = (): string => {
  const jars = join(ensureJars(wanted, mvn), '*');
  const source = join(import.meta.dirname, '..', 'flink', 'RunScript.java');
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const classes = join(cacheFolder(), `run-script-${flinkVersion}-${hash}`);
  if (!existsSync(classes)) {
    const unfinished = mkdtempSync(join(cacheFolder(), 'compiling-'));
    const { status } = spawnSync(program('javac'), ['-cp', jars, '-d', unfinished, source], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error(`Cannot compile ${source}: javac ended with ${status}, see its output above`);
    if (!existsSync(classes)) renameSync(unfinished, classes);
  }
  return `${classes}:${jars}`;
};

const opened = ['util', 'util.concurrent', 'util.concurrent.atomic', 'lang', 'time', 'nio', 'net', 'math', 'text'].map(
  (name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`,
);

export interface FlinkRun {
  /** What each script took, ms: its jobs from submission to end, and the CPU of all of it. */
  readonly scripts: readonly { readonly tookMs: number; readonly cpuMs: number }[];
  /** The most bytes that the JVM had in memory. */
  readonly peakBytes: number;
}

export interface FlinkOptions {
  /** Folder for the scripts. */
  readonly folder: string;
  /** Entries of Flink's configuration, which win over those of the scripts. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly heap?: string;
  /** Told as soon as the JVM runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs scripts one after another in one JVM. @throws Error with Flink's words when one of them fails */
export const runFlink = async (
  scripts: readonly (readonly string[])[],
  { folder, settings = {}, heap = '2g', onStart }: FlinkOptions,
): Promise<FlinkRun> => {
  mkdirSync(folder, { recursive: true });
  const paths = scripts.map((statements, i) => {
    const path = join(folder, `script-${i}.sql`);
    writeFileSync(path, `${statements.join(';\n\n')};\n\n`);
    return path;
  });
  const entries = Object.entries({ 'parallelism.default': '1', ...settings }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const words = [`-Xmx${heap}`, ...opened, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath()];
  const child = spawn(program('java'), [...words, 'RunScript', ...paths, ...entries], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  onStart?.(child);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(0, 20_000);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  if (code !== 0) throw new Error(`Cannot run ${paths[0]}: Flink ended with ${code}; it says:\n${causesIn(errors)}`);
  const took = [...output.matchAll(/^took (\d+) cpu (\d+)$/gm)];
  return {
    scripts: took.map(([, tookMs, cpuMs]) => ({ tookMs: Number(tookMs), cpuMs: Number(cpuMs) })),
    peakBytes: Number(/^peak (\d+)$/m.exec(output)?.[1]),
  };
};

/** The lines of a stack trace that say something. */
const causesIn = (errors: string): string => {
  const lines = errors.split('\n').filter((line) => /^(Exception|Caused by)/.test(line));
  return lines.length === 0 ? errors.slice(0, 2000) : lines.join('\n');
};
