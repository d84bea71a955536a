// Asks for a NetBIOS name on every link, or an adapter's owner for all of its names (nbtstat).
import type { NetbiosListener } from '../../service/netbios.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatIp, formatMacWindows, type Ip4, parseIp } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'

/** `target`: a name, or an address; all names of whoever it is are asked for then. */
export type NetbiosArgs = { readonly target: string }
type State = {
  id: number
  /** Asked so far; the address whose names are wanted, 0 = not known yet. */
  tries: number
  address: Ip4
  dueAt: number | null
}

/** RFC 1002 section 6: three questions, a quarter of a second apart for everybody; Windows takes its time. */
const TRIES = 3
const AGAIN = 750 * MILLISECOND
const SERVER = 0x20

export class NetbiosQuery implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: NetbiosArgs
  private readonly state: State
  private readonly listener: NetbiosListener = (message, from, via) => {
    const { state, host } = this
    if (message.kind === 'query' || message.id !== state.id || state.dueAt === null) return
    if (message.kind === 'found') {
      host.emit({ kind: 'found', name: message.name.name, address: message.addresses.map(formatIp), interface: via.index })
      this.begin(message.addresses[0] ?? from)
    } else {
      const names = message.names.map((one) => ({ ...one }))
      this.finish({ kind: 'status', from: formatIp(from), interface: via.index, names, mac: formatMacWindows(message.mac) }, 0)
    }
  }

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as NetbiosArgs
    this.state = state ? { ...(state as unknown as State) } : { id: 0, tries: 0, address: 0, dueAt: null }
    host.netbios?.listeners.add(this.listener)
  }

  start(): void {
    this.begin(parseIp(this.args.target) ?? 0)
  }

  private begin(address: Ip4): void {
    this.state.address = address
    this.state.tries = 0
    this.state.id = 0x8000 + this.host.stack.random.below(0x7fff)
    this.ask()
  }

  private ask(): void {
    const { state, host, args } = this
    if (host.netbios === undefined || state.tries >= TRIES) return this.finish({ kind: 'not-found' }, 1)
    state.tries++
    state.dueAt = storeTime(host.now + AGAIN)
    const known = state.address !== 0
    const name = known ? { name: '*', suffix: 0 } : { name: args.target.toUpperCase().slice(0, 15), suffix: SERVER }
    host.netbios.ask({ kind: 'query', id: state.id, name, status: known }, known ? state.address : undefined)
    host.touch()
  }

  pollAt(): Micros {
    return this.state.dueAt === null ? NEVER : loadTime(this.state.dueAt)
  }
  poll(): void {
    this.ask()
  }
  private finish(event: Json, code: number): void {
    this.state.dueAt = null
    this.host.emit(event)
    this.host.exit(code)
  }
  interrupt(): void {
    this.finish({ kind: 'not-found' }, 1)
  }
  close(): void {
    this.host.netbios?.listeners.delete(this.listener)
  }
  save(): Json {
    return { ...this.state } as unknown as Json
  }
}
