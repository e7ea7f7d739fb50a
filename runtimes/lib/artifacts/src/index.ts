export { type ArtifactAccess, credentialsOf, FetchError } from './access.ts';
export { openBucket } from './bucket.ts';
export { readArtifact, readCardOf } from './read-artifact.ts';
