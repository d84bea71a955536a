// A name the way the operating system resolves it: own names, cache, hosts file, servers with suffixes.
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import type { ProcessHost, Program } from '../program.ts'
import { recordView } from './record-view.ts'

export type ResolveArgs = {
  readonly name: string
  readonly type: string
  readonly noHosts?: boolean
  readonly cacheOnly?: boolean
  /** Only of neighbours on the link: LLMNR, or multicast DNS for names under .local. */
  readonly linkOnly?: boolean
}

export class Resolve implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: ResolveArgs

  constructor(host: ProcessHost, args: Json) {
    this.host = host
    this.args = args as ResolveArgs
  }

  start(): void {
    const { name, type, noHosts = false, cacheOnly = false, linkOnly = false } = this.args
    this.host.dns.lookup(name, type, this.host.owner, 0, { noHosts, cacheOnly, linkOnly })
  }

  resolved(_token: number, result: LookupResult): void {
    const { name } = this.args
    if ('failure' in result)
      this.host.emit(result.failure === 'no-server' ? { kind: 'no-server' } : { kind: result.failure, name })
    else
      this.host.emit({
        kind: 'resolved',
        name,
        canonical: result.canonical,
        source: result.source,
        records: result.records.map(recordView),
      })
    this.host.exit('failure' in result ? 1 : 0)
  }

  interrupt(): void {
    this.host.exit(1)
  }
  pollAt(): Micros {
    return NEVER
  }
  poll(): void {}
  close(): void {}
  save(): Json {
    return null
  }
}
