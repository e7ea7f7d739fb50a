import type { AddressInfo, Server } from 'node:net';

export interface Address {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const isIpv6 = (host: string): boolean => host.includes(':');

const reasonOf = (code: string | undefined): string => {
  if (code === 'EADDRINUSE') return 'the port is in use';
  if (code === 'EACCES') return 'a port below 1024 needs rights that this process lacks';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return `the system says ${code ?? 'nothing'}`;
};

/**
 * @param remedy  What its user can do when the address cannot be had
 * @returns the URL that it can be reached at
 * @throws Error when it cannot listen
 */
export const listen = (server: Server, { host, port }: Address, remedy = 'a free address is needed'): Promise<string> =>
  new Promise((resolve, reject) => {
    const at = isIpv6(host) ? `[${host}]` : host;
    const fail = (cause: NodeJS.ErrnoException): void =>
      reject(new Error(`Cannot listen on ${at}:${port}: ${reasonOf(cause.code)}, ${remedy}`, { cause }));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      const { port: taken } = server.address() as AddressInfo;
      resolve(`http://${host === '0.0.0.0' || host === '::' ? 'localhost' : at}:${taken}`);
    });
  });
