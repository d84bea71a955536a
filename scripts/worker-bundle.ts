import { resolve, sep } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Whatever lies in one of these folders is empty: what is left is the Worker without it. */
const without = (folders: readonly string[]): Plugin => ({
  name: 'without',
  setup(made) {
    const whole = folders.map((folder) => resolve(folder) + sep)
    // CommonJS may be asked for any name and has none.
    made.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      whole.some((folder) => path.startsWith(folder)) ? { contents: 'module.exports = {}', loader: 'js' } : undefined,
    )
  },
})

/** The Worker and the lab host as one module, built the way wrangler builds them for a deployment. */
export async function bundleWorker({ minify = false, leaveOut = [] as readonly string[] } = {}): Promise<string> {
  const result = await build({
    entryPoints: ['worker/index.ts'],
    bundle: true,
    write: false,
    minify,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    loader: { '.sql': 'text', '.yaml': 'text', '.md': 'text', '.script': 'text' },
    logLevel: leaveOut.length === 0 ? 'warning' : 'error',
    plugins: leaveOut.length === 0 ? [] : [without(leaveOut)],
  })
  return result.outputFiles[0].text
}
