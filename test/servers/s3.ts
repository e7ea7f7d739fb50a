import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, freePorts, startDaemon } from './daemon.ts';
import { goProgram } from './go.ts';

/** An S3 server over a folder, whose folders are its buckets. It checks signatures. */
export interface S3Server extends Daemon {
  readonly endpoint: string;
}

export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** Versity S3 Gateway; undefined, and said so, where there is no Go to build it with. */
export const s3Program = (): string | undefined => goProgram('github.com/versity/versitygw/cmd/versitygw', 'v1.8.0');

export const startS3 = async (
  command: string,
  folder: string,
  { bucket, keys: { accessKey, secretKey, region } }: { readonly bucket: string; readonly keys: S3Keys },
): Promise<S3Server> => {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const [buckets, metadata] = [join(folder, 'buckets'), join(folder, 'metadata')];
  for (const each of [join(buckets, bucket), metadata]) mkdirSync(each, { recursive: true });
  const words = ['--port', address, '--access', accessKey, '--secret', secretKey, '--region', region];
  const daemon = await startDaemon({
    command,
    words: [...words, 'posix', '--sidecar', metadata, buckets],
    folder,
    readyText: `http://${address}`,
    readyWithinMs: 60_000,
  });
  return { ...daemon, endpoint: `http://${address}` };
};
