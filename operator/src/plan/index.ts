export { defaultImages } from '../children/render.ts';
export { childTypes, optionalTypes, ownTypes, podType } from '../resource-types.ts';
export { locate, pipelineOf } from './located.ts';
export type { Observed } from './observed.ts';
export { type Plan, plan } from './plan.ts';
