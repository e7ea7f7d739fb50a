/** Encrypts the connection: true with the certificates that Node trusts, else with these. Texts are PEM. */
export type Tls = true | { readonly ca?: string; readonly certificate?: string; readonly key?: string };

/** As Node's `tls.connect` wants it. */
export const tlsOptionsOf = (tls: Tls): { ca?: string; cert?: string; key?: string } => {
  if (tls === true) return {};
  const { ca, certificate, key } = tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  };
};
