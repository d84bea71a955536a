import { build } from 'esbuild'

/** The Worker and the lab host as one module, built the way wrangler builds them for a deployment. */
export async function bundleWorker({ minify = false } = {}): Promise<string> {
  const result = await build({
    entryPoints: ['worker/index.ts'],
    bundle: true,
    write: false,
    minify,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    loader: { '.sql': 'text', '.yaml': 'text', '.md': 'text' },
    logLevel: 'warning',
  })
  return result.outputFiles[0].text
}
