// The service on this machine, and a lab in it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalServer, startServer } from '../../scripts/local-server.ts'

export type Service = {
  readonly url: string
  readonly folder: string
  stop(): Promise<void>
  lab(definition: string): Promise<Lab>
}
export type Lab = {
  readonly id: string
  ask<T>(method: string, path: string, body?: object): Promise<T>
  bytes(path: string): Promise<Uint8Array>
  token(port: string, more?: object): Promise<string>
  /** Types a line on a console, and answers what it printed. */
  type(console: string, line: string): Promise<string>
}

let lines = 0

export async function startService(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'switchroom-interop-'))
  const server: LocalServer = await startServer({ dataDir: join(folder, 'data'), demo: true, quiet: true })
  const authorization = `Bearer ${server.demo?.apiKey}`
  async function ask(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      // A connection that stays open may be closed by the service at the very moment when it is used again.
      headers: { authorization, connection: 'close', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  return {
    url: server.url,
    folder,
    async stop() {
      await server.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
    async lab(definition) {
      const { id } = (await (await ask('POST', '/v1/labs', { definition, seed: 1 })).json()) as { id: string }
      const on = <T>(method: string, path: string, body?: object) =>
        ask(method, `/v1/labs/${id}${path}`, body).then((answer) =>
          answer.status === 204 ? (undefined as T) : (answer.json() as Promise<T>),
        )
      return {
        id,
        ask: on,
        bytes: async (path) => new Uint8Array(await (await ask('GET', `/v1/labs/${id}${path}`)).arrayBuffer()),
        token: async (port, more = {}) => (await on<{ token: string }>('POST', `/ports/${port}/tokens`, more)).token,
        type: async (console, line) => {
          const clientId = `interop-line-${++lines}`
          return (await on<{ output: string }>('POST', '/exec', { console, line, clientId })).output
        },
      }
    },
  }
}
