import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findProgram, say } from './programs.ts';

const kafkaVersion = '4.3.1';

const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

/** Kafka and what writes its log: without the latter it says nothing, not even that it is ready. */
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>dev.groundswell</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.4')}
</dependencies>
</project>
`;

/** @throws Error when a program is missing */
const requireProgram = (name: string, debianPackage: string): string => {
  const path = findProgram(name);
  if (path !== undefined) return path;
  const instead = 'or set GROUNDSWELL_KAFKA to the address of a broker';
  throw new Error(
    `Cannot run Kafka ${kafkaVersion}: "${name}" is not on the PATH, install it (apt-get install ${debianPackage}) ${instead}`,
  );
};

const fetchInto = (mvn: string, folder: string): void => {
  writeFileSync(join(folder, 'pom.xml'), project);
  const words = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'];
  const { status } = spawnSync(mvn, words, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Error(`Cannot fetch Kafka ${kafkaVersion}: mvn ended with ${status}, see its output above`);
};

/** Folder of the jars of a broker; fetched once, 44 MB. */
const ensureJars = (): string => {
  const jars = join(cacheFolder(), `kafka-${kafkaVersion}`);
  if (existsSync(jars)) return jars;
  const mvn = requireProgram('mvn', 'maven');
  say(`Setting up: fetching Kafka ${kafkaVersion} from Maven Central (once; 44 MB)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'fetching-'));
  try {
    fetchInto(mvn, folder);
    renameSync(join(folder, 'lib'), jars);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(jars)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return jars;
};

/** What it takes to run Kafka's programs. @throws Error when Java or Maven is missing, or Maven fails */
export const ensureKafka = (): { readonly java: string; readonly classPath: string } => ({
  java: requireProgram('java', 'default-jre-headless'),
  classPath: join(ensureJars(), '*'),
});
