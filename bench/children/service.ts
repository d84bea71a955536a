// service.ts COMMANDS: median milliseconds of a command by the API of the running service, and of GET /health in between. In a
// process of its own, because the service writes its log to the standard output.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalServer, startServer } from '../../scripts/local-server.ts'
import { buildWeb } from '../../scripts/web-bundle.ts'
import { median } from '../harness.ts'

const COMMANDS = Number(process.argv[2] ?? 200)
const WARM_UP = 20

type Answer = { readonly status: number; readonly body: string }

/** One connection and the key of the demo organisation. */
class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })
  private readonly server: LocalServer

  constructor(server: LocalServer) {
    this.server = server
  }

  ask(method: string, path: string, json?: object): Promise<Answer> {
    const content = json === undefined ? undefined : JSON.stringify(json)
    const headers = {
      authorization: `Bearer ${this.server.demo?.apiKey}`,
      ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request(`${this.server.url}${path}`, { method, headers, agent: this.agent }, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          body += text
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(content)
    })
  }

  async want<T>(status: number, method: string, path: string, json?: object): Promise<T> {
    const answer = await this.ask(method, path, json)
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
    return JSON.parse(answer.body) as T
  }

  close(): void {
    this.agent.destroy()
  }
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const before = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - before) / 1e6
}

async function measure(client: Client): Promise<{ readonly value: number; readonly reference: number }> {
  const { id } = await client.want<{ id: string }>(201, 'POST', '/v1/labs', { catalogue: 'default-switch', seed: 1 })
  const exec = async () => {
    const line = { console: 'ubuntu1', line: 'hostname', clientId: randomUUID() }
    const { output } = await client.want<{ output: string }>(200, 'POST', `/v1/labs/${id}/exec`, line)
    if (output.trim() !== 'ubuntu1') throw new Error(`hostname said: ${output}`)
  }
  const health = async () => void (await client.want(200, 'GET', '/health'))
  for (let i = 0; i < WARM_UP; i++) await exec().then(health)
  const commands: number[] = []
  const nothing: number[] = []
  // In turn, so that whatever else the machine does slows both.
  for (let i = 0; i < COMMANDS; i++) {
    commands.push(await milliseconds(exec))
    nothing.push(await milliseconds(health))
  }
  return { value: median(commands), reference: median(nothing) }
}

await buildWeb({ ifStale: true })
const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-bench-'))
try {
  const server = await startServer({ dataDir, demo: true, quiet: true })
  const client = new Client(server)
  const measured = await measure(client).finally(() => {
    client.close()
    return server.dispose()
  })
  console.log(JSON.stringify(measured))
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
