// The files of a machine: a few that the system keeps (made from its state when they are read) and those people write.
import type { Clock, Os } from './views.ts'

export type FileView = { readonly name: string; readonly directory: boolean; readonly size: number }

/** A system file: its content at this moment. */
export type SystemFiles = { readonly [path: string]: () => string }

const FILE_LIMIT = 64 * 1024
const FILES_LIMIT = 64

export class Files {
  private readonly windows: boolean
  private readonly system: SystemFiles
  /** Files that the system begins with and people may write over. */
  private readonly first: SystemFiles
  /** Files whose very being depends on the moment, as those of interfaces. */
  private readonly live: () => SystemFiles
  /** What people wrote, under the path as they wrote it. */
  readonly written: Map<string, string>

  constructor(
    os: Os,
    system: SystemFiles,
    written: readonly (readonly [string, string])[] = [],
    first: SystemFiles = {},
    live: () => SystemFiles = () => ({}),
  ) {
    this.live = live
    this.first = first
    this.windows = os === 'windows-11'
    this.system = system
    this.written = new Map(written)
  }

  read(path: string): string | undefined {
    const wanted = this.normal(path)
    for (const [name, text] of this.written) if (this.normal(name) === wanted) return text
    for (const name of Object.keys(this.system)) if (this.normal(name) === wanted) return this.system[name]?.()
    return this.first[path]?.() ?? this.live()[path]?.()
  }

  write(path: string, text: string): 'ok' | 'invalid' | 'access-denied' {
    const wanted = this.normal(path)
    if (Object.keys(this.system).some((name) => this.normal(name) === wanted)) return 'access-denied'
    if (this.live()[path] !== undefined) return 'access-denied'
    if (text.length > FILE_LIMIT || (!this.written.has(path) && this.written.size >= FILES_LIMIT)) return 'invalid'
    for (const name of [...this.written.keys()]) if (this.normal(name) === wanted) this.written.delete(name)
    this.written.set(path, text)
    return 'ok'
  }

  list(path: string): FileView[] | undefined {
    const separator = this.windows ? '\\' : '/'
    const wanted = this.normal(path)
    const base = wanted.endsWith(separator) ? wanted : wanted + separator
    const found = new Map<string, FileView>()
    for (const name of [
      ...Object.keys(this.system),
      ...Object.keys(this.first),
      ...Object.keys(this.live()),
      ...this.written.keys(),
    ]) {
      if (!this.normal(name).startsWith(base)) continue
      const rest = name.slice(base.length)
      const cut = rest.indexOf(separator)
      const entry = cut < 0 ? rest : rest.slice(0, cut)
      found.set(entry, { name: entry, directory: cut >= 0, size: cut < 0 ? (this.read(name)?.length ?? 0) : 0 })
    }
    return found.size === 0 ? undefined : [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  private normal(path: string): string {
    return this.windows ? path.split('/').join('\\').toLowerCase() : path
  }
}

/** `hosts` as Windows ships it, in our words: only the lines that matter to a resolver. */
export const windowsHosts = (): string =>
  '# Host names and their addresses, one entry a line: address, then names.\r\n# localhost is resolved by DNS itself.\r\n#\t127.0.0.1       localhost\r\n#\t::1             localhost\r\n'

export const linuxHosts = (hostname: string): string => `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n`

export const resolvConf = (servers: readonly string[], suffixes: readonly string[]): string =>
  `${servers.map((server) => `nameserver ${server}\n`).join('')}${suffixes.length > 0 ? `search ${suffixes.join(' ')}\n` : ''}`

/** dnsmasq's lease file: expiry, MAC, address, name, client id. */
export const leaseFile = (
  clock: Clock,
  leases: readonly { expiresAt: number; mac: string; address: string; hostname: string }[],
): string =>
  leases
    .map((l) => `${Math.floor((clock.epochMicros + l.expiresAt) / 1_000_000)} ${l.mac} ${l.address} ${l.hostname || '*'} *\n`)
    .join('')
