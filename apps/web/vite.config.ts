import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds the API; the built page is served by the API itself. */
const api = process.env.MIXDOWN_API ?? 'http://localhost:8080';
const served = ['/api', '/auth', '/plugins', '/files'];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    // The page's policy allows files of our own origin alone: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Libraries change less often than our own code: a new version of the app leaves them in the browser's cache.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'primitives', test: /node_modules\/(@base-ui|@floating-ui|@atlaskit)\// },
            { name: 'platform', test: /node_modules\/(@tanstack|@supabase|zod|zustand)\// },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: {
    proxy: Object.fromEntries(
      served.map((path) => [path, { target: api, changeOrigin: false, ws: true }]),
    ),
    headers: {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    },
  },
});
