import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalServer, startServer } from '../../scripts/local-server.ts'
import { buildConsole } from './built-console.ts'

export type DemoServer = {
  readonly url: string
  /** The link of somebody in a role. */
  signIn(role: string, nth?: number): string
  /** For what no page does: that time has passed, or whoever runs the service steps in. */
  database(): ReturnType<LocalServer['mf']['getD1Database']>
  stop(): Promise<void>
}

/** The product as `npm start` runs it, on a free port and with databases that are gone afterwards. */
export async function startDemo(): Promise<DemoServer> {
  await buildConsole()
  const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-e2e-'))
  const server: LocalServer = await startServer({ dataDir, demo: true, quiet: true })
  return {
    url: server.url,
    signIn(role, nth = 0) {
      const link = server.demo?.signIn.filter((one) => one.role === role)[nth]
      if (link === undefined) throw new Error(`the demo has no ${role} number ${nth + 1}`)
      return server.url + link.path
    },
    database: () => server.mf.getD1Database('DB'),
    async stop() {
      await server.dispose()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
