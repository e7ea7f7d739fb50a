import { join } from 'node:path';
import { ensureJars, type JarsWanted } from './maven.ts';
import { findProgram } from './programs.ts';

const kafkaVersion = '4.3.1';

/** Kafka and what writes its log: without the latter it says nothing, not even that it is ready. */
const wanted: JarsWanted = {
  what: `Kafka ${kafkaVersion}`,
  folder: `kafka-${kafkaVersion}`,
  size: '44 MB',
  artifacts: [`org.apache.kafka:kafka_2.13:${kafkaVersion}`, 'org.apache.logging.log4j:log4j-slf4j-impl:2.25.4'],
};

/** @throws Error when a program is missing */
const requireProgram = (name: string, debianPackage: string): string => {
  const path = findProgram(name);
  if (path !== undefined) return path;
  const instead = 'or set GROUNDSWELL_KAFKA to the address of a broker';
  throw new Error(
    `Cannot run ${wanted.what}: "${name}" is not on the PATH, install it (apt-get install ${debianPackage}) ${instead}`,
  );
};

/** What it takes to run Kafka's programs. @throws Error when Java or Maven is missing, or Maven fails */
export const ensureKafka = (): { readonly java: string; readonly classPath: string } => ({
  java: requireProgram('java', 'default-jre-headless'),
  classPath: join(
    ensureJars(wanted, () => requireProgram('mvn', 'maven')),
    '*',
  ),
});
