import type { Server } from 'node:http';

/** Requests that are under way get this long to end. */
const graceMs = 2000;

/** Connections that stay open for a next request are looked for this often. */
const sweepMs = 20;

/** Takes no new connections, lets open requests end, and then cuts what is left. */
export const stopServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
