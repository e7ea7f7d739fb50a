import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** @throws Error where the text is no public key in PEM */
export const publicKeyOf = (pem: string): KeyObject => createPublicKey(pem);

/**
 * Whether a signature is that of the bytes, as `cosign sign-blob --key` writes it: base64 of the signature of the bytes'
 * SHA-256, ECDSA in DER or RSA PKCS #1; of an Ed25519 key, of the bytes themselves.
 */
export const isSignedBy = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean => {
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const raw = Buffer.from(Buffer.from(signature).toString('utf8').trim(), 'base64');
  return verify(digest, bytes, key, raw);
};
