// Dials and hangs up a VPN connection: rasdial.
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import type { ProcessHost, Program } from '../program.ts'
import { beginTarget } from './target.ts'

export type VpnArgs = { readonly action: 'connect' | 'disconnect'; readonly name: string }

/** RAS error 868: the name of the server could not be resolved. 623: the phone book has no such entry. */
const UNRESOLVED = 868
const NO_ENTRY = 623

export class Vpn implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: VpnArgs
  private readonly listen = (event: Json): void => this.heard(event)

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as VpnArgs
    if (state) host.vpn(this.args.name)?.listeners.add(this.listen)
  }

  start(): void {
    const vpn = this.host.vpn(this.args.name)
    if (vpn === undefined) return this.end({ kind: 'failed', code: NO_ENTRY, reason: 'no such connection' }, 1)
    vpn.listeners.add(this.listen)
    if (this.args.action === 'disconnect') {
      if (vpn.status === 'Disconnected') return this.end({ kind: 'disconnected' }, 0)
      vpn.disconnect()
      return
    }
    this.host.emit({ kind: 'progress', step: 'resolving' })
    // L2TP runs over IPv4 here.
    const target = beginTarget(this.host, vpn.server, 4)
    if (typeof target?.address === 'number') vpn.connect(target.address)
  }

  resolved(_token: number, result: LookupResult): void {
    const record = 'failure' in result ? undefined : result.records.find((r) => r.type === 'A')
    if (record?.type === 'A') this.host.vpn(this.args.name)?.connect(record.address)
    else this.end({ kind: 'failed', code: UNRESOLVED, reason: 'the server name could not be resolved' }, 1)
  }

  private heard(event: Json): void {
    const kind = (event as { kind: string }).kind
    if (kind === 'progress') this.host.emit(event)
    else this.end(event, kind === 'failed' ? 1 : 0)
  }

  private end(event: Json, code: number): void {
    this.host.emit(event)
    this.host.exit(code)
  }

  interrupt(): void {
    this.host.vpn(this.args.name)?.disconnect()
    this.host.exit(130)
  }
  pollAt(): Micros {
    return NEVER
  }
  poll(): void {}
  close(): void {
    this.host.vpn(this.args.name)?.listeners.delete(this.listen)
  }
  save(): Json {
    return {}
  }
}
