// npm start [-- --port N --data DIR --fresh]: the whole product on this machine.
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startServer } from './local-server.ts'
import { buildWeb } from './web-bundle.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '8787' },
    data: { type: 'string', default: '.data' },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(`npm start [-- OPTIONS]
  --port N     listen on 127.0.0.1:N (default: PORT, else 8787)
  --data DIR   keep the databases in DIR (default: .data)
  --fresh      delete the databases first`)
  process.exit(0)
}

const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port: "${values.port}" is not a port number`)
  process.exit(2)
}

try {
  if (values.fresh) rmSync(values.data, { recursive: true, force: true })
  await buildWeb({ ifStale: true })
  const server = await startServer({ port, dataDir: values.data, demo: true })
  const stop = () => server.dispose().finally(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)

  console.log(`\nSwitchroom is at ${server.url}\n`)
  for (const { name, role, path } of server.demo?.signIn ?? [])
    console.log(`  ${role.padEnd(8)} ${name.padEnd(18)} ${server.url}${path}`)
  console.log(`\n  API key  ${server.demo?.apiKey}\n\nCtrl-C ends it; the labs stay in ${values.data}.`)
} catch (error) {
  const busy = /EADDRINUSE|[Aa]ddress already in use/.test(String(error))
  console.error(busy ? `Port ${port} is in use. Choose another: npm start -- --port ${port + 1}` : error)
  process.exit(1)
}
