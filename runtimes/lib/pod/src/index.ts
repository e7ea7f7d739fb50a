export { askScorers, type ScoreItems, scorersUrl } from './ask-scorers.ts';
export { type Config, readConfig, readKafkaConfig } from './config.ts';
export { readConnections, readKafkaConnection } from './connections.ts';
export { type Environment, readEnvironment } from './environment.ts';
export { putAside } from './put-aside.ts';
export { type Pod, runPod } from './run-pod.ts';
