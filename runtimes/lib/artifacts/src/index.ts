export { type ArtifactAccess, credentialsOf, FetchError } from './access.ts';
export { type Bucket, openBucket } from './bucket.ts';
export { type Artifact, readArtifact, readCardOf } from './read-artifact.ts';
