import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { type Tls, tlsOptionsOf } from './tls.ts';

/** Of kafka.internal, signed by itself, until 2126: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes … */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBpTCCAUqgAwIBAgIUeUJbcaB8CYp52LGpQqKM0H7GJU8wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOa2Fma2EuaW50ZXJuYWwwIBcNMjYxMTIxMjIzNzA0WhgPMjEy
NjEwMjgyMjM3MDRaMBkxFzAVBgNVBAMMDmthZmthLmludGVybmFsMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEU3xwIjTZptnrF77/KMRPi1E+tSY7E7UhPERVhLOo
2LQCJ/6+JjNRq376JkxKqD7GRrMDXU5I5lxHHzSGv1Wz9qNuMGwwHQYDVR0OBBYE
FNQ7FPSX8zGcGB0+3KlGNkHHCJkRMB8GA1UdIwQYMBaAFNQ7FPSX8zGcGB0+3KlG
NkHHCJkRMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOa2Fma2EuaW50ZXJu
YWwwCgYIKoZIzj0EAwIDSQAwRgIhAOsI0ToYaz4BZRKOzE4xihNAD/0m39auZdqK
Mg3tZhFWAiEAtuPQt7azQda57beuk4Ba4H7BeSAPxnws9isXUG3P2Kk=
-----END CERTIFICATE-----
`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHa+WtkrC/MjtWPHG
Vg7rXJDwSivDkjVzgfeOR8qeeD6hRANCAARTfHAiNNmm2esXvv8oxE+LUT61JjsT
tSE8RFWEs6jYtAIn/r4mM1GrfvomTEqoPsZGswNdTkjmXEcfNIa/VbP2
-----END PRIVATE KEY-----
`;

/** What becomes of a connection to a server that proves to be kafka.internal, at an address of another name. */
const connecting = async (tls: Tls): Promise<string> => {
  const server = createServer({ cert: certificate, key }, (socket) => socket.end('hello'));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ...tlsOptionsOf(tls) });
  return new Promise((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
};

test.each<[what: string, tls: Tls, comesTo: string]>([
  ['an authority that is not trusted', true, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['a name that is not the host', { ca: certificate }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [
    'another name than the wanted one',
    { ca: certificate, serverName: 'other.internal' },
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
  ['the wanted name', { ca: certificate, serverName: 'kafka.internal' }, 'hello'],
  ['anything, where nothing is verified', { verify: false }, 'hello'],
])('a server that proves %s', async (_, tls, comesTo) => {
  expect(await connecting(tls)).toBe(comesTo);
});
