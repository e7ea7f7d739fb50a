export { type Pod, runPod } from './run-pod.ts';
