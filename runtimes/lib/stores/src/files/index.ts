export { createFileStates } from './file-states.ts';
