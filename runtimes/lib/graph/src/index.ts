export type { Target } from './compile/reading.ts';
export { keyName } from './compile/window-key.ts';
export { type Compiled, compile } from './compile.ts';
export { contentHash } from './content-hash.ts';
export {
  alertEnvironment,
  eventEnvironment,
  featureEnvironment,
  joinedEnvironment,
  labelEnvironment,
  mappingEnvironment,
  rowEnvironment,
} from './environments.ts';
export { type Demand, inForce, type Proposal, rolloutWith, scorerWith } from './in-force.ts';
export { type ParsedFiles, parseFiles, type SourceFile } from './parse-files.ts';
export type * from './placement.ts';
export { formatProblem, type Place, type Problem } from './problem.ts';
export * from './programs/index.ts';
export { type Graph, type PipelineGraph, resolve } from './resolve.ts';
export { type CompiledKind, type LocatedResource, titleOf } from './resource.ts';
