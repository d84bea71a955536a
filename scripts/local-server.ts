import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { localSecret } from './local-secret.ts'
import { migrate, readMigrations } from './migrate-d1.ts'
import { type Demo, seedDemo } from './seed-demo.ts'
import { bundleWorker } from './worker-bundle.ts'

export type ServerOptions = {
  /** 0 or absent: any free one. */
  readonly port?: number
  /** Where the databases live; absent: nowhere, they end with the server. */
  readonly dataDir?: string
  /** Puts the demo organisation into the database. */
  readonly demo?: boolean
  readonly quiet?: boolean
  /** Variables and secrets on top of those in wrangler.toml. */
  readonly bindings?: Record<string, string>
}

export type LocalServer = {
  readonly url: string
  readonly mf: Miniflare
  readonly demo: Demo | undefined
  /** What a deployment does once an hour. */
  sweep(): Promise<void>
  dispose(): Promise<void>
}

/** The product on this machine: the same bundle, databases and assets as deployed, in workerd, without wrangler in the path. */
export async function startServer(options: ServerOptions = {}): Promise<LocalServer> {
  const { port = 0, dataDir, demo = false, quiet = false, bindings = {} } = options
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml')
  const contents = await bundleWorker()
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port,
      cf: false,
      logRequests: false,
      log: new Log(quiet ? LogLevel.ERROR : LogLevel.WARN),
      resourcePersistencePath: dataDir,
      telemetry: { enabled: false },
      workers: [
        {
          ...workerOptions,
          name: 'switchroom',
          // Webhooks and learning platforms on this computer may be called.
          bindings: {
            ...(workerOptions.bindings as Record<string, string>),
            OUTBOUND_LOOPBACK: 'allow',
            LTI_KEY_SECRET: localSecret(dataDir, 'lti-key'),
            ...bindings,
          },
          modules: [{ type: 'ESModule', path: 'index.js', contents }],
        },
      ],
    }),
  )
  try {
    const url = (await mf.ready).href.replace(/\/$/, '')
    const db = await mf.getD1Database('DB')
    await migrate(db, readMigrations('migrations/d1'))
    const sweep = async () => {
      await (await mf.getWorker()).scheduled({ cron: '17 * * * *' })
    }
    return { url, mf, demo: demo ? await seedDemo(db) : undefined, sweep, dispose: () => mf.dispose() }
  } catch (error) {
    await mf.dispose()
    throw error
  }
}
