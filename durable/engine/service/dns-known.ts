// What a machine's resolver can say without asking a server: own names, hosts file, cache.
import type { Stack } from '../ip/stack.ts'
import * as dns from '../wire/dns.ts'
import { DnsClientCache } from './dns-client-cache.ts'
import { endOf } from './dns-forwarder.ts'
import { type HostsEntry, hostsName, ownName } from './dns-local-names.ts'
import type { LookupResult } from './dns-lookup.ts'

export class DnsKnown {
  readonly cache = new DnsClientCache()
  private readonly stack: Stack
  private readonly options: {
    readonly ownNames: () => readonly string[]
    readonly hosts: () => readonly HostsEntry[]
    readonly caches?: () => boolean
  }

  constructor(stack: Stack, options: DnsKnown['options']) {
    this.stack = stack
    this.options = options
  }

  local(name: string, names: readonly string[], type: string, noHosts: boolean): LookupResult | undefined {
    const own = ownName(this.stack, this.options.ownNames(), name, type)
    if (own !== undefined || noHosts) return own
    const entries = this.options.hosts()
    for (const candidate of [name, ...names]) {
      const found = hostsName(entries, candidate, type)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Whether answers are kept at all. */
  get keeps(): boolean {
    return this.options.caches?.() ?? true
  }

  /** The first of several names that the cache knows. */
  cachedAny(names: readonly string[], type: string): LookupResult | undefined {
    for (const name of names) {
      const found = this.cached(name, type)
      if (found !== undefined && !('failure' in found)) return found
    }
    return undefined
  }

  cached(name: string, type: string): LookupResult | undefined {
    const known = this.keeps ? this.cache.get(name, type, this.stack.sim.now) : undefined
    if (known === undefined) return undefined
    if (known.records.length === 0) return { failure: 'not-found' }
    return { source: 'cache', canonical: canonicalOf(known.records, name, type), records: known.records }
  }
}

/** The owner of the records asked for, in the words of the answer. */
export function canonicalOf(records: Parameters<typeof endOf>[0], name: string, type: string): string {
  const end = type === 'CNAME' ? name : endOf(records, name)
  return records.find((r) => dns.sameName(r.name, end))?.name ?? end
}
