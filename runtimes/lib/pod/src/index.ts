export { readKafkaConfig } from './config.ts';
export { readKafkaConnection } from './connections.ts';
export { type Environment, readEnvironment } from './environment.ts';
export { type Pod, runPod } from './run-pod.ts';
