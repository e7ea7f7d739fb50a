export { CelError } from './cel-error.ts';
export type { CelFunction } from './cel-function.ts';
export type { CelProgram } from './code.ts';
export { checkCel, compileCel, compilePredicate } from './compile.ts';
export { nearest, suggest } from './did-you-mean.ts';
export { type CelEnvironment, type CelShape, constants } from './environment.ts';
export { featureFunctionNames, featureFunctionParameters } from './feature-functions.ts';
export { mathFunctions } from './math-functions.ts';
export { type CelPath, type CelReferences, referencesOf } from './references.ts';
