// npm start [-- --port N --data DIR --fresh]: the whole product on this machine.
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { type LocalServer, startServer } from './local-server.ts'
import { buildWeb } from './web-bundle.ts'

const help = `npm start [-- OPTIONS]
  --port N     listen on 127.0.0.1:N (default: PORT, else 8787)
  --data DIR   keep the databases in DIR (default: .data)
  --fresh      delete the databases first`

const refuse = (message: string): never => {
  console.error(message)
  process.exit(2)
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: process.env.PORT || '8787' },
        data: { type: 'string', default: '.data' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    return refuse(`${(error as Error).message}\n\n${help}`)
  }
}

/** workerd reports a port in use with a stack trace, after the build; this asks first. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

function announce({ url, demo }: LocalServer, data: string): void {
  console.log(`\nSwitchroom is at ${url}\n`)
  for (const { name, role, path } of demo?.signIn ?? []) console.log(`  ${role.padEnd(9)} ${name.padEnd(18)} ${url}${path}`)
  console.log(`\n  API key  ${demo?.apiKey}\n\nCtrl-C ends it; the labs stay in ${data}.`)
}

const { port: wanted, data, fresh, help: asked } = readOptions()
if (asked) {
  console.log(help)
  process.exit(0)
}
const port = Number(wanted)
if (!Number.isInteger(port) || port < 0 || port > 65535) refuse(`"${wanted}" is not a port number`)
if (!(await isFree(port))) refuse(`Port ${port} is in use. Choose another: npm start -- --port ${port + 1}`)

try {
  if (fresh) rmSync(data, { recursive: true, force: true })
  await buildWeb({ ifStale: true })
  const server = await startServer({ port, dataDir: data, demo: true })
  // What the platform does by its clock (wrangler.toml).
  setInterval(() => void server.sweep().catch(console.error), 3_600_000).unref()
  const stop = () => server.dispose().finally(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  announce(server, data)
} catch (error) {
  console.error(error)
  process.exit(1)
}
