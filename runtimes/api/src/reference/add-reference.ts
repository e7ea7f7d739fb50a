import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { OpenApi } from '../contract/openapi.ts';
import type { ApiEnv } from '../contract/route.ts';
import { referencePage, referenceStyle } from './page.ts';

/** The document of the API, and a page that shows it: one file and its styles, without any script. */
export const addReference = (app: Hono<ApiEnv>, openApi: OpenApi): void => {
  const style = `/reference-${createHash('sha256').update(referenceStyle).digest('hex').slice(0, 8)}.css`;
  const page = referencePage(openApi, style);
  const headers = { 'cache-control': 'no-cache' };
  app.get('/openapi.json', etag(), (c) => c.json(openApi, 200, headers));
  app.get('/reference', etag(), (c) => c.html(page, 200, headers));
  app.get(style, (c) =>
    c.body(referenceStyle, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  );
};
