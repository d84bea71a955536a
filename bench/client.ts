// A program that uses the running service over HTTP, with the key of the demo organisation.
import { Agent, request } from 'node:http'
import type { LocalServer } from '../scripts/local-server.ts'

type Answer = { readonly status: number; readonly body: Buffer }

const LONGEST_ANSWER = 60_000

export class Client {
  private readonly agent: Agent
  private readonly server: LocalServer

  /** `connections`: how many stay open. */
  constructor(server: LocalServer, connections = 1) {
    this.server = server
    this.agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  get authorization(): string {
    return `Bearer ${this.server.demo?.apiKey}`
  }

  private ask(method: string, path: string, json?: object): Promise<Answer> {
    const content = json === undefined ? undefined : JSON.stringify(json)
    const headers = {
      authorization: this.authorization,
      ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request(`${this.server.url}${path}`, { method, headers, agent: this.agent }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }))
        response.on('error', reject)
      })
      // The service closes connections that nobody uses, perhaps at the very moment when somebody does.
      const stale = (error: NodeJS.ErrnoException) => sent.reusedSocket && error.code === 'ECONNRESET'
      sent.on('error', (error) => (stale(error) ? resolve(this.ask(method, path, json)) : reject(error)))
      sent.setTimeout(LONGEST_ANSWER, () => sent.destroy(new Error(`${method} ${path}: no answer`)))
      sent.end(content)
    })
  }

  /** The body of an answer that has this status; any other is a failure. */
  async bytes(status: number, method: string, path: string, json?: object): Promise<Buffer> {
    const answer = await this.ask(method, path, json)
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
    return answer.body
  }

  async want<T>(status: number, method: string, path: string, json?: object): Promise<T> {
    return JSON.parse((await this.bytes(status, method, path, json)).toString()) as T
  }

  close(): void {
    this.agent.destroy()
  }
}

/** A lab out of the catalogue; answers its id. */
export async function makeLab(client: Client, seed: number): Promise<string> {
  return (await client.want<{ id: string }>(201, 'POST', '/v1/labs', { catalogue: 'default-switch', seed })).id
}

/** Types a line into a console of a lab; answers what came out at once. */
export async function exec(client: Client, lab: string, console: string, line: string): Promise<string> {
  const typed = { console, line, clientId: crypto.randomUUID() }
  return (await client.want<{ output: string }>(200, 'POST', `/v1/labs/${lab}/exec`, typed)).output
}

/** The command that waits for nothing. */
export async function hostname(client: Client, lab: string): Promise<void> {
  const output = await exec(client, lab, 'ubuntu1', 'hostname')
  if (output.trim() !== 'ubuntu1') throw new Error(`hostname said: ${output}`)
}

export async function milliseconds(work: () => Promise<void>): Promise<number> {
  const before = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - before) / 1e6
}
