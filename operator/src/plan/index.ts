export { defaultImages } from '../children/render.ts';
export { childTypes, ownTypes, podType } from '../resource-types.ts';
export { locate, pipelineOf } from './located.ts';
export type { Observed } from './observed.ts';
export { type Plan, plan } from './plan.ts';
