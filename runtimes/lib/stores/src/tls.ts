/** Encrypts the connection: true with the certificates that Node trusts, else with these. Texts are PEM. */
export type Tls =
  | true
  | {
      readonly ca?: string;
      readonly certificate?: string;
      readonly key?: string;
      /** Name that the server proves, where it is not the host. */
      readonly serverName?: string;
      /** false takes any certificate. */
      readonly verify?: boolean;
    };

interface NodeTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** As Node's `tls.connect` wants it. */
export const tlsOptionsOf = (tls: Tls): NodeTls => {
  if (tls === true) return {};
  const { ca, certificate, key, serverName, verify = true } = tls;
  return {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(!verify && { rejectUnauthorized: false }),
  };
};
