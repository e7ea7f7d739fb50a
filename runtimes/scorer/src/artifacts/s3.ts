import { AwsClient } from 'aws4fetch';
import { type Credentials, FetchError, shown } from './access.ts';
import { download } from './http.ts';

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  /** Absent: that of AWS. */
  readonly endpoint?: string;
  readonly region?: string;
}

/** Bucket in the path: every compatible store understands it. */
const urlOf = ({ bucket, key, endpoint, region }: S3Object): string => {
  const base = endpoint ?? `https://s3.${region ?? 'us-east-1'}.amazonaws.com`;
  return `${base.replace(/\/$/, '')}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
};

/** Signed by AWS Signature Version 4; without credentials, as anybody. @throws FetchError */
export const downloadS3 = (object: S3Object, credentials: Credentials): Promise<Uint8Array> => {
  const url = urlOf(object);
  const uri = `s3://${object.bucket}/${object.key}`;
  const { accessKey, secretKey, sessionToken } = credentials;
  if (accessKey === undefined && secretKey === undefined) return download(uri, (signal) => fetch(url, { signal }));
  if (accessKey === undefined || secretKey === undefined)
    throw new FetchError(`the Secret for ${shown(uri)} has only one of accessKey and secretKey, both are needed`, {
      isTransient: true,
    });
  const client = new AwsClient({
    ...{ accessKeyId: accessKey, secretAccessKey: secretKey, service: 's3', region: object.region ?? 'us-east-1' },
    ...(sessionToken !== undefined && { sessionToken }),
    // Whoever asked tries again, with a pause that grows.
    retries: 0,
  });
  return download(uri, (signal) => client.fetch(url, { signal }));
};
