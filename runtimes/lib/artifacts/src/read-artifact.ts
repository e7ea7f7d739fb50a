import { createHash } from 'node:crypto';
import type { Variant } from '@groundswell/graph';
import { z } from 'zod';
import { type ArtifactAccess, type Credentials, credentialsOf, FetchError, readSecret, shown } from './access.ts';
import { createFileCache } from './cache.ts';
import { fetchFile, isRemote } from './fetch-file.ts';
import { isSignedBy, publicKeyOf } from './signature.ts';

export type Artifact = Variant['artifact'];

export interface ReadArtifact {
  readonly model: Uint8Array;
  /** The native model, where the artifact has one. */
  readonly explainer: Uint8Array | undefined;
}

/**
 * Reads the files of an artifact, from the cache where they were downloaded before, and checks that they are those that the
 * resource names.
 *
 * @throws FetchError saying what could not be had, or is not what it should be
 */
export const readArtifact = async (artifact: Artifact, access: ArtifactAccess): Promise<ReadArtifact> => {
  const reading = { artifact, access, credentials: await credentialsOf(access, artifact.secret) };
  const model = await readChecked(artifact, reading);
  if (artifact.signature !== undefined) await checkSignature(model, reading);
  return { model, explainer: artifact.explainer && (await readChecked(artifact.explainer, reading)) };
};

/** The card lies beside the model, as `card.json`. */
const cardUriOf = (uri: string): string | undefined =>
  /^oci:|^configmap:/.test(uri) ? undefined : uri.replace(/[^/]*$/, 'card.json');

const Card = z.looseObject({ candidate: z.looseObject({ sha256: z.string() }) });

/**
 * What the trainer says of the model (`card.json` beside it); undefined where there is no card, or that of another model. A
 * card is a help and no part of the artifact, so nothing is wrong where it cannot be had.
 */
export const readCardOf = async (artifact: Artifact, access: ArtifactAccess): Promise<object | undefined> => {
  const uri = cardUriOf(artifact.uri);
  if (uri === undefined) return undefined;
  try {
    const bytes = await fetchOf(
      { uri },
      { artifact, access, credentials: await credentialsOf(access, artifact.secret) },
    );
    const card = Card.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return card.candidate.sha256 === artifact.sha256.toLowerCase() ? card : undefined;
  } catch {
    return undefined;
  }
};

interface Reading {
  readonly artifact: Artifact;
  readonly access: ArtifactAccess;
  readonly credentials: Credentials;
}

/** Credentials are for the store that the artifact lies in, and for no other that one of its files may lie in. */
const fetchOf = async (
  file: { readonly uri: string; readonly sha256?: string },
  { artifact, access, credentials }: Reading,
): Promise<Uint8Array> => {
  const { endpoint, region } = artifact;
  const isSameStore = storeOf(file.uri) === storeOf(artifact.uri);
  const at = { ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) };
  return fetchFile({ ...file, ...at, credentials: isSameStore ? credentials : {} }, access);
};

const storeOf = (uri: string): string => (URL.canParse(uri) ? `${new URL(uri).protocol}//${new URL(uri).host}` : '');

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const readChecked = async (
  { uri, sha256: wanted }: { readonly uri: string; readonly sha256: string },
  reading: Reading,
): Promise<Uint8Array> => {
  const sha256 = wanted.toLowerCase();
  const { cache: folder } = reading.access;
  const cache = folder === undefined || !isRemote(uri) ? undefined : createFileCache(folder);
  const kept = await cache?.get(sha256);
  if (kept !== undefined && digestOf(kept) === sha256) return kept;
  const bytes = await fetchOf({ uri, sha256 }, reading);
  const digest = digestOf(bytes);
  if (digest !== sha256)
    throw new FetchError(
      `${shown(uri)} has the sha256 ${digest}, the resource says ${wanted}; one of them must change`,
      {
        isTransient: false,
      },
    );
  await cache?.put(sha256, bytes);
  return bytes;
};

const checkSignature = async (model: Uint8Array, reading: Reading): Promise<void> => {
  const { artifact, access } = reading;
  const { signature } = artifact;
  if (signature === undefined) return;
  const { secret, key } = signature.publicKey;
  const pem = await readSecret(access, secret, key);
  if (pem === undefined)
    throw new FetchError(`the Secret "${secret}" has no key "${key}", a public key is needed there`, {
      isTransient: true,
    });
  const publicKey = keyIn(pem, secret);
  const cache = access.cache === undefined || !isRemote(signature.uri) ? undefined : createFileCache(access.cache);
  const name = `${artifact.sha256.toLowerCase()}.sig`;
  const kept = await cache?.get(name);
  if (kept !== undefined && isSignedBy(publicKey, model, kept)) return;
  const bytes = await fetchOf({ uri: signature.uri }, reading);
  if (!isSignedBy(publicKey, model, bytes))
    throw new FetchError(
      `the signature ${shown(signature.uri)} is not that of ${shown(artifact.uri)} by the key in the Secret "${secret}", one that is is needed`,
      { isTransient: false },
    );
  await cache?.put(name, bytes);
};

const keyIn = (pem: string, secret: string) => {
  try {
    return publicKeyOf(pem);
  } catch (cause) {
    throw new FetchError(`what the Secret "${secret}" has is no public key in PEM, one is needed`, {
      isTransient: true,
      cause,
    });
  }
};
