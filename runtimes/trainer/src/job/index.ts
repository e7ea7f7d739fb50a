export { collect } from './collect.ts';
export { publish } from './publish.ts';
