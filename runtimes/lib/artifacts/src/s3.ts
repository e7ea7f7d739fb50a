import { AwsClient } from 'aws4fetch';
import { type Credentials, FetchError, shown } from './access.ts';
import { download } from './http.ts';

export interface S3Store {
  readonly bucket: string;
  /** Absent: that of AWS. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
}

export interface S3Object extends S3Store {
  readonly key: string;
}

/** Bucket in the path: every compatible store understands it. */
export const urlOf = ({ bucket, key, endpoint, region }: S3Object): string => {
  const base = endpoint ?? `https://s3.${region ?? 'us-east-1'}.amazonaws.com`;
  return `${base.replace(/\/$/, '')}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
};

/** Asks as `fetch` does. */
export type Ask = (url: string, init: RequestInit) => Promise<Response>;

/** Signs by AWS Signature Version 4; without credentials, asks as anybody. @throws FetchError for half of a pair of keys */
export const signing = ({ region }: S3Store, credentials: Credentials, uri: string): Ask => {
  const { accessKey, secretKey, sessionToken } = credentials;
  if (accessKey === undefined && secretKey === undefined) return fetch;
  if (accessKey === undefined || secretKey === undefined)
    throw new FetchError(`the Secret for ${shown(uri)} has only one of accessKey and secretKey, both are needed`, {
      isTransient: true,
    });
  const client = new AwsClient({
    ...{ accessKeyId: accessKey, secretAccessKey: secretKey, service: 's3', region: region ?? 'us-east-1' },
    ...(sessionToken !== undefined && { sessionToken }),
    // Whoever asked tries again, with a pause that grows.
    retries: 0,
  });
  return (url, init) => client.fetch(url, init);
};

/** @throws FetchError */
export const downloadS3 = (object: S3Object, credentials: Credentials): Promise<Uint8Array> => {
  const uri = `s3://${object.bucket}/${object.key}`;
  const ask = signing(object, credentials, uri);
  return download(uri, (signal) => ask(urlOf(object), { signal }));
};
