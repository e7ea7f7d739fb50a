export { type GenerateOptions, generateEvents } from './readers/generator/generate.ts';
