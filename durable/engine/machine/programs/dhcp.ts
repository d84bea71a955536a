// Drives an interface's DHCP client and reports what it does: ipconfig /release and /renew, dhclient.
import type { DhcpEvent } from '../../service/dhcp-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import type { ProcessHost, Program } from '../program.ts'

export type DhcpArgs = {
  readonly action: 'release' | 'renew' | 'discover'
  readonly interface: number
  readonly timeoutMs: number
}

export class Dhcp implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: DhcpArgs
  private dueAt: Micros = NEVER
  private readonly listen = (event: DhcpEvent): void => this.heard(event)

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as DhcpArgs
    if (state) {
      this.dueAt = loadTime((state as { dueAt: number | null }).dueAt)
      this.host.dhcpClient(this.args.interface)?.listeners.add(this.listen)
    }
  }

  start(): void {
    const { host, args } = this
    const client = host.dhcpClient(args.interface)
    if (!client || host.interface(args.interface)?.dhcp !== true) return this.end({ kind: 'failed', reason: 'not-dhcp' }, 1)
    client.listeners.add(this.listen)
    if (args.action === 'release') {
      if (!client.release()) this.end({ kind: 'failed', reason: 'no-lease' }, 1)
      return
    }
    this.dueAt = host.now + args.timeoutMs * MILLISECOND
    if (client.renew() === 'media-disconnected') this.end({ kind: 'failed', reason: 'media-disconnected' }, 1)
    host.touch()
  }

  private heard(event: DhcpEvent): void {
    if (event.kind === 'sent' || event.kind === 'received') this.host.emit(event)
    else this.end(event, event.kind === 'failed' ? 1 : 0)
  }

  private end(event: Json, code: number): void {
    this.host.emit(event)
    this.host.exit(code)
  }

  pollAt(): Micros {
    return this.dueAt
  }
  poll(): void {
    this.end({ kind: 'failed', reason: 'timeout' }, 1)
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {
    this.host.dhcpClient(this.args.interface)?.listeners.delete(this.listen)
  }
  save(): Json {
    return { dueAt: storeTime(this.dueAt) }
  }
}
