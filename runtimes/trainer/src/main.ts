import { readFileSync, writeFileSync } from 'node:fs';
import { TrainerProgram } from '@groundswell/graph';
import { type Config, readConfig, readConnections } from '@groundswell/pod';
import { createLogger, inClusterAccess } from '@groundswell/process';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { collect } from './job/collect.ts';
import { readJobConfig } from './job/config.ts';
import { publish } from './job/publish.ts';
import { openState, type StateStore } from './job/state.ts';

// The two ends of a training run in a cluster; between them, in the same pod, Python trains.

/** What a closed client has left open keeps an ended run no longer than this, ms. */
const lingerMs = 2_000;

/** Kubernetes shows what stands there as the reason why a container ended. */
const terminationLog = '/dev/termination-log';

const stateOf = async ({ apiHost, apiPort, serviceAccountFolder }: Config, name: string): Promise<StateStore> => {
  if (apiHost === undefined) throw new Error('Cannot train here: KUBERNETES_SERVICE_HOST is not set, a pod is needed');
  return openState(await inClusterAccess({ host: apiHost, port: apiPort, folder: serviceAccountFolder }), name);
};

const main = async (act: string | undefined): Promise<void> => {
  const config = readConfig(process.env);
  const { folder, mounts, state: name } = readJobConfig(process.env);
  const program = TrainerProgram.parse(JSON.parse(readFileSync(config.programFile, 'utf8')));
  const logger = createLogger(program.name, config.logLevel);
  const { kafka, redis } = await readConnections(config);
  const state = await stateOf(config, name);
  if (act === 'collect') {
    const log = await createKafkaLog({ ...kafka, clientId: program.name, logger });
    const taken = await collect(program, { log, state: await state.read(), folder, mounts }).finally(log.close);
    logger.info(taken, 'took what was logged');
  } else if (act === 'publish') {
    const keyValue = await createRedisKeyValue({ ...redis, logger });
    const options = { keyValue, state: await state.read(), folder, mounts, now: Date.now() };
    const next = await publish(program, options).finally(keyValue.close);
    await state.write(next);
    logger.info({ ...next.run, proposed: next.candidate === undefined }, 'ended a run');
  } else throw new Error(`Cannot "${act ?? ''}": collect or publish is needed`);
};

try {
  await main(process.argv[2]);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  try {
    writeFileSync(terminationLog, message.slice(0, 4_000));
  } catch {
    // Not in a container.
  }
  process.exitCode = 1;
}
setTimeout(() => process.exit(), lingerMs).unref();
