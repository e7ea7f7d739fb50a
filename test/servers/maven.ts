import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, say } from './programs.ts';

/** Jars to fetch from Maven Central, with what they depend on. */
export interface JarsWanted {
  /** For people, as in `Kafka 4.3.1`. */
  readonly what: string;
  /** Name of the folder in the cache. */
  readonly folder: string;
  /** `group:artifact:version`, some of them without what they depend on of these groups. */
  readonly artifacts: readonly (string | { readonly artifact: string; readonly without: readonly string[] })[];
  /** For people, as in `44 MB`. */
  readonly size: string;
}

const dependency = (wanted: JarsWanted['artifacts'][number]): string => {
  const { artifact: coordinates, without } = typeof wanted === 'string' ? { artifact: wanted, without: [] } : wanted;
  const [group, artifact, version] = coordinates.split(':');
  const exclusions = without
    .map((of) => `<exclusion><groupId>${of}</groupId><artifactId>*</artifactId></exclusion>`)
    .join('');
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions>${exclusions}</exclusions></dependency>`;
};

const projectOf = ({ artifacts }: JarsWanted): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>dev.groundswell</groupId><artifactId>jars-for-tests</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
${artifacts.map(dependency).join('\n')}
</dependencies>
</project>
`;

const fetchInto = (mvn: string, folder: string, wanted: JarsWanted): void => {
  writeFileSync(join(folder, 'pom.xml'), projectOf(wanted));
  const words = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'];
  const { status } = spawnSync(mvn, words, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`Cannot fetch ${wanted.what}: mvn ended with ${status}, see its output above`);
};

/** The folder of the jars; fetched once. `mvn` answers the path of Maven, and throws where there is none. */
export const ensureJars = (wanted: JarsWanted, mvn: () => string): string => {
  const jars = join(cacheFolder(), wanted.folder);
  if (existsSync(jars)) return jars;
  const program = mvn();
  say(`Setting up: fetching ${wanted.what} from Maven Central (once; ${wanted.size})`);
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'fetching-'));
  try {
    fetchInto(program, folder, wanted);
    renameSync(join(folder, 'lib'), jars);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(jars)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return jars;
};
