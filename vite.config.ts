import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const service = process.env.SWITCHROOM_SERVICE ?? 'http://127.0.0.1:8787'

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: {
      output: {
        // The two heavy libraries change seldom; apart, they stay in the browser's cache over our releases.
        codeSplitting: {
          groups: [
            { name: 'xterm', test: /node_modules[\\/]@xterm[\\/]/ },
            { name: 'xyflow', test: /node_modules[\\/](@xyflow|d3-)/ },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/v1': { target: service, ws: true },
      '/auth': service,
      '/openapi.json': service,
    },
  },
})
