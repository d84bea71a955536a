import type { DnsRecord } from './events.ts'
import type { Io } from './io.ts'

// What nslookup, dig and host have in common.

/** A name with its final dot, as records are written out. */
export const dotted = (name: string): string => (name.endsWith('.') ? name : `${name}.`)
export const undotted = (name: string): string => (name.length > 1 ? name.replace(/\.$/, '') : name)

/** Data of a record, names in it with their final dots. */
export function dataText({ type, data }: DnsRecord): string {
  const words = data.split(' ')
  switch (type) {
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return dotted(data)
    case 'MX':
    case 'SRV':
      return [...words.slice(0, -1), dotted(words.at(-1) ?? '')].join(' ')
    case 'SOA':
      return [...words.slice(0, 2).map(dotted), ...words.slice(2)].join(' ')
    default:
      return data
  }
}

/** The server that the resolver's file names first, which is what these tools print: Ubuntu's is its local stub. */
export function configuredServer(io: Io): string | undefined {
  for (const line of (io.kernel.readFile('/etc/resolv.conf') ?? '').split('\n')) {
    const [word, address] = line.trim().split(/\s+/)
    if (word === 'nameserver' && address !== undefined) return address
  }
  return io.kernel.identity().os === 'ubuntu-24.04' ? '127.0.0.53' : undefined
}

/** Names to try in turn: one without a dot gets the search list first, one with a dot last. */
export function candidates(io: Io, name: string): string[] {
  if (name.endsWith('.')) return [undotted(name)]
  const suffixed = io.kernel.dnsSuffixes().map((suffix) => `${name}.${suffix}`)
  return name.includes('.') ? [name, ...suffixed] : [...suffixed, name]
}

export const TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'ANY', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'])
