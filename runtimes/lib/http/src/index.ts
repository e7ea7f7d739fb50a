export { readBody } from './body.ts';
export { keyIn } from './key.ts';
export { type Address, listen } from './listen.ts';
export { ProblemError, type ProblemStatus, problemResponse } from './problem.ts';
export { type Served, serveFetch } from './serve-fetch.ts';
