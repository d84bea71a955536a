import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The service in a process group of its own, which can be killed at any moment without a chance to say anything. */
export class MortalService {
  readonly url: string
  private readonly key: string
  private readonly child: ChildProcess

  private constructor(child: ChildProcess, url: string, key: string) {
    this.child = child
    this.url = url
    this.key = key
  }

  static async start(dataDir: string): Promise<MortalService> {
    const args = ['--import', './scripts/text-hook.mjs', join(import.meta.dirname, 'service-process.ts'), dataDir]
    const env = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' }
    const child = spawn(process.execPath, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let complaints = ''
    child.stderr.on('data', (text) => (complaints += text))
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{"url"')) continue
      const { url, key } = JSON.parse(line) as { url: string; key: string }
      return new MortalService(child, url, key)
    }
    throw new Error(`the service did not start: ${complaints}`)
  }

  get authorization(): string {
    return `Bearer ${this.key}`
  }

  /** SIGKILL for the server and for workerd at once: the negative id is the process group. */
  async kill(): Promise<void> {
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    process.kill(-this.child.pid, 'SIGKILL')
    await gone
  }

  async ask<T>(method: string, path: string, json?: object): Promise<T> {
    const answer = await this.fetch(method, path, json)
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  fetch(method: string, path: string, json?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${this.key}`, ...(json && { 'content-type': 'application/json' }) }
    return fetch(this.url + path, { method, headers, ...(json && { body: JSON.stringify(json) }) })
  }
}
