import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly url: string;
  /** By path; what is not there is answered with 404. May be changed. */
  readonly files: Map<string, Uint8Array>;
  /** Paths that were asked for, and what for permission. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Serves files on loopback to whoever `admits` lets in. */
export const startFileServer = async (
  admits: (request: IncomingMessage) => boolean = () => true,
): Promise<FileServer> => {
  const files = new Map<string, Uint8Array>();
  const asked: { path: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push({ path, authorization: request.headers.authorization });
    const file = files.get(path);
    if (!admits(request)) response.writeHead(403).end();
    else if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ files, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Whether a request without body is signed by AWS Signature Version 4, made again from the steps of its documentation
 * (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export const isSigned = (
  { method, url, headers }: IncomingMessage,
  keys: { readonly accessKey: string; readonly secretKey: string; readonly region: string },
): boolean => {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, accessKey, day = '', region = '', names = '', signature] = form.exec(headers.authorization ?? '') ?? [];
  if (accessKey !== keys.accessKey || region !== keys.region) return false;
  const signed = names.split(';');
  if (!signed.includes('host') || !signed.includes('x-amz-date')) return false;
  const canonical = [
    method,
    url?.split('?')[0],
    url?.split('?')[1] ?? '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], `${day}/${region}/s3/aws4_request`, sha256(canonical)].join(
    '\n',
  );
  const key = hmac(hmac(hmac(hmac(`AWS4${keys.secretKey}`, day), region), 's3'), 'aws4_request');
  return hmac(key, text).toString('hex') === signature;
};
