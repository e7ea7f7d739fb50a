import type { AddressInfo, Server } from 'node:net';

export interface Address {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const isIpv6 = (host: string): boolean => host.includes(':');

const reasonOf = (code: string | undefined): string => {
  if (code === 'EADDRINUSE') return 'the port is in use, free it or pass --port';
  if (code === 'EACCES') return 'the port needs rights that this process lacks, pass --port with one above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address, pass another --host';
  return `the system says ${code ?? 'nothing'}, pass another --host or --port`;
};

/** @returns the URL that it can be reached at */
export const listen = (server: Server, { host, port }: Address): Promise<string> =>
  new Promise((resolve, reject) => {
    const at = isIpv6(host) ? `[${host}]` : host;
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new Error(`Cannot listen on ${at}:${port}: ${reasonOf(cause.code)}`, { cause }));
    });
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve(`http://${host === '0.0.0.0' || host === '::' ? 'localhost' : at}:${taken}`);
    });
  });
