export type { KubernetesObject } from './objects.ts';
export { type RenderOptions, renderPrograms } from './render.ts';
