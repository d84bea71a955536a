// The product on this machine with a place of its own to store in, which can be stopped and started again.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type LocalServer, startServer } from '../scripts/local-server.ts'
import { buildWeb } from '../scripts/web-bundle.ts'
import { Client } from './client.ts'

/** Objects leave memory some ten seconds after their last answer. */
const LONGEST_REST = 90

export class Service {
  private readonly dataDir: string

  private constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  static async make(): Promise<Service> {
    await buildWeb({ ifStale: true })
    return new Service(mkdtempSync(join(tmpdir(), 'switchroom-bench-')))
  }

  /** Starts, does the work, and stops. */
  async run<T>(work: (client: Client, server: LocalServer) => Promise<T>, connections = 1): Promise<T> {
    const server = await startServer({ dataDir: this.dataDir, demo: true, quiet: true })
    const client = new Client(server, connections)
    try {
      return await work(client, server)
    } finally {
      client.close()
      await server.dispose()
    }
  }

  /** What all files have together. */
  get bytes(): number {
    return this.files().reduce((sum, file) => sum + statSync(file).size, 0)
  }

  /** Waits until every lab has left memory: the write-ahead log of its database is gone then. */
  async rest(): Promise<void> {
    for (let second = 0; second < LONGEST_REST; second++) {
      const open = this.files().filter(
        (file) => file.endsWith('.sqlite-wal') && file.includes('LabHost') && !file.includes('metadata'),
      )
      if (open.length === 0) return
      await setTimeout(1_000)
    }
    throw new Error(`after ${LONGEST_REST} seconds there are labs that do not rest`)
  }

  private files(): string[] {
    const entries = readdirSync(this.dataDir, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  }

  remove(): void {
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

const status = (pid: string, field: string): string => {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? ''
}

/** Bytes that the workerd of this process has in memory. Linux only. */
export function residentBytes(): number {
  const own = String(process.pid)
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      if (status(pid, 'Name') === 'workerd' && status(pid, 'PPid') === own)
        return Number.parseInt(status(pid, 'VmRSS'), 10) * 1024
    } catch {}
  }
  throw new Error('no workerd belongs to this process')
}
