import { Miniflare } from 'miniflare'
import type { D1 } from './d1.ts'

export type Scratch = { readonly db: Promise<D1>; dispose(): Promise<void> }

/** An empty D1 database for a test; it ends with `dispose`. */
export function openScratchDatabase(): Scratch {
  const manifest = { mainModule: 'none.js', modules: { 'none.js': { type: 'esm' as const, contents: 'export default {}' } } }
  const mf = new Miniflare({
    cf: false,
    telemetry: { enabled: false },
    workers: [
      { config: { name: 'scratch', compatibilityDate: '2026-10-06', manifest, env: { DB: { type: 'd1', id: 'scratch' } } } },
    ],
  })
  return { db: mf.getD1Database('DB'), dispose: () => mf.dispose() }
}
