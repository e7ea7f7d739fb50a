import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    // light-dark() and the like as they are written.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Its loader is an inline script in some browsers; there is one chunk, so there is nothing to preload.
    modulePreload: false,
    // Everything as files: the content security policy of the API allows no data: URL.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
