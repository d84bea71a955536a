// A packet capture (packet(7)): sees the frames of one interface or of all, keeps those that pass a filter, reports them or
// writes them into a file. What needs memory of earlier packets is worked out here, so that a shell may print each by itself.
import type { FrameTap } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import { toBase64 } from '../../link/base64.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { formatAddress, type Ip6, parseIp, parseIp6 } from '../../wire/addresses.ts'
import { ascii, put16, put32, put48 } from '../../wire/bytes.ts'
import { addressesOf } from '../../wire/capture/addresses-of.ts'
import { Conversations, type StoredConversations } from '../../wire/capture/conversations.ts'
import { pcapHeader, pcapRecord } from '../../wire/capture/pcap-file.ts'
import { type CaptureFilter, COOKED2, captureFilter, ETHERNET, type LinkLayer, RAW_IP } from '../../wire/pcap-filter/index.ts'
import type { ProcessHost, Program } from '../program.ts'
import { nameFrom } from './target.ts'

export type CaptureArgs = {
  /** 0: all interfaces. */
  readonly interface: number
  readonly filter: string
  /** Addresses of the names in the filter. */
  readonly hosts: { readonly [name: string]: readonly string[] }
  readonly snapLength: number
  readonly count: number | null
  readonly direction: 'in' | 'out' | 'inout'
  readonly promiscuous: boolean
  /** Addresses are looked up before a packet is reported. */
  readonly resolve: boolean
  /** UTC of lab time zero. */
  readonly epochMicros: number
  /** Where the packets go instead; empty: they are reported. `unbuffered`: each at once. */
  readonly write: string
  readonly unbuffered: boolean
}

type Waiting = { readonly event: { readonly [key: string]: Json }; readonly addresses: readonly string[] }
type State = {
  captured: number
  received: number
  dropped: number
  before: number
  first: number
  buffer: string
  waiting: Waiting[]
  names: [address: string, name: string][]
  asked: [token: number, address: string][]
  nextToken: number
  conversations: StoredConversations
  over: boolean
}

/** What waits to be read by the shell; more is dropped, as the kernel's ring does. */
const RING = 4096
const NAMES = 256
/** Like stdio's: a file gets this many octets at a time. */
const BUFFER = 4096
const COOKED_HEADER = 20
const SLL_HOST = 0
const SLL_BROADCAST = 1
const SLL_MULTICAST = 2
const SLL_OTHERHOST = 3
const SLL_OUTGOING = 4

export class Capture implements Program, FrameTap {
  readonly unbounded: boolean
  private readonly host: ProcessHost
  private readonly args: CaptureArgs
  private readonly state: State
  private readonly conversations: Conversations
  private readonly link: LinkLayer
  private readonly filter: CaptureFilter | undefined

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as CaptureArgs
    this.unbounded = true
    this.state = state
      ? (JSON.parse(JSON.stringify(state)) as State)
      : {
          captured: 0,
          received: 0,
          dropped: 0,
          before: 0,
          first: 0,
          buffer: '',
          waiting: [],
          names: [],
          asked: [],
          nextToken: 1,
          conversations: [],
          over: false,
        }
    this.conversations = new Conversations(this.state.conversations)
    const via = host.interface(this.args.interface)
    this.link = via === undefined ? COOKED2 : via.kind === 'ppp' ? RAW_IP : ETHERNET
    const netmask = via?.primary === undefined ? undefined : (0xffffffff << (32 - via.primary.prefixLength)) >>> 0
    const { filter, hosts } = this.args
    const compiled = captureFilter(filter, { link: this.link, hosts: new Map(Object.entries(hosts)), netmask, live: true })
    this.filter = compiled.ok ? compiled : undefined
    host.stack.taps.push(this)
  }

  start(): void {
    const { args, host } = this
    if (args.write === '') return
    this.state.buffer = ascii(pcapHeader(this.link.type, args.snapLength), 0, 24)
    if (host.files.write(args.write, '') !== 'ok') this.full()
    else this.flush()
  }

  frame(via: Interface, out: boolean, bytes: Uint8Array): void {
    const { args, state, host } = this
    if (state.over || this.filter === undefined) return
    if (args.interface !== 0 && via.index !== args.interface) return
    if (args.direction === (out ? 'in' : 'out')) return
    const ours = via.kind === 'ppp' || out || isFor(via, bytes)
    if (!ours && !args.promiscuous) return
    const shown = args.interface === 0 ? cooked(via, out, bytes) : ethernetOf(via, bytes)
    if (!this.filter.passes({ bytes: shown, length: shown.length, out })) return
    state.received++
    if (host.pending >= RING) {
      state.dropped++
      host.touch()
      return
    }
    state.captured++
    const timeMicros = args.epochMicros + host.now
    if (state.captured === 1) [state.first, state.before] = [timeMicros, timeMicros]
    const kept = shown.length > args.snapLength ? shown.subarray(0, args.snapLength) : shown
    const packet = { timeMicros, bytes: kept, length: shown.length }
    if (args.write !== '') this.record(pcapRecord(packet))
    else this.report(packet)
    state.before = timeMicros
    if (args.count !== null && state.captured >= args.count) this.finish()
    host.touch()
  }

  private report({ timeMicros, bytes, length }: { timeMicros: number; bytes: Uint8Array; length: number }): void {
    const { state } = this
    const event = {
      kind: 'packet',
      linkType: this.link.type,
      time: timeMicros,
      length,
      bytes: toBase64(bytes),
      bases: [...this.conversations.follow(bytes, this.link.netAt)],
      before: state.before,
      first: state.first,
      number: state.captured,
    }
    state.waiting.push({ event, addresses: this.args.resolve ? this.ask(bytes) : [] })
    this.release()
  }

  /** Asks for the names of a packet's addresses that are not known yet. */
  private ask(bytes: Uint8Array): string[] {
    const { state, host } = this
    const addresses = addressesOf(bytes, this.link).map(formatAddress)
    for (const address of addresses) {
      if (state.names.some(([known]) => known === address) || state.asked.some(([, asked]) => asked === address)) continue
      const zone = reverseZone(address)
      if (zone === '') {
        this.learn(address, '')
        continue
      }
      const token = state.nextToken++
      state.asked.push([token, address])
      host.dns.lookup(zone, 'PTR', host.owner, token)
    }
    return addresses
  }

  private learn(address: string, name: string): void {
    this.state.names.push([address, name])
    if (this.state.names.length > NAMES) this.state.names.shift()
  }

  resolved(token: number, result: LookupResult): void {
    const { state } = this
    const asked = state.asked.find(([one]) => one === token)
    if (asked === undefined) return
    state.asked = state.asked.filter((one) => one !== asked)
    this.learn(asked[1], nameFrom(result))
    this.release()
    if (state.over && state.waiting.length === 0) this.end()
  }

  /** Reports what waits, in order, as far as all names are known. */
  private release(): void {
    const { state, host } = this
    for (let next = state.waiting[0]; next !== undefined; next = state.waiting[0]) {
      const { addresses, event } = next
      if (addresses.some((address) => state.asked.some(([, asked]) => asked === address))) return
      state.waiting.shift()
      const names = state.names.filter(([address, name]) => name !== '' && addresses.includes(address))
      host.emit({ ...event, names: names.map(([address, name]) => [address, name]) })
    }
  }

  private record(record: Uint8Array): void {
    this.state.buffer += ascii(record, 0, record.length)
    if (this.args.unbuffered || this.state.buffer.length >= BUFFER) this.flush()
  }

  private flush(): boolean {
    const { state, args, host } = this
    if (state.buffer === '') return true
    const before = host.files.read(args.write) ?? ''
    if (host.files.write(args.write, before + state.buffer) !== 'ok') {
      this.full()
      return false
    }
    state.buffer = ''
    return true
  }

  private full(): void {
    this.state.over = true
    this.host.emit({ kind: 'file-full' })
    this.host.exit(1)
  }

  private finish(): void {
    if (this.state.over) return
    this.state.over = true
    if (this.state.waiting.length === 0) this.end()
  }

  private end(): void {
    const { state, host } = this
    if (this.args.write !== '' && !this.flush()) return
    host.emit({ kind: 'finished', captured: state.captured, received: state.received, dropped: state.dropped })
    host.exit(0)
  }

  pollAt(): Micros {
    return NEVER
  }
  poll(): void {}

  /** Ctrl-C: what waits for names is printed without. */
  interrupt(): void {
    const { state } = this
    for (const [, address] of state.asked) this.learn(address, '')
    state.asked = []
    this.release()
    state.over = true
    this.end()
  }

  close(): void {
    const { taps } = this.host.stack
    const at = taps.indexOf(this)
    if (at >= 0) taps.splice(at, 1)
  }

  save(): Json {
    return { ...this.state, conversations: this.conversations.save() } as unknown as Json
  }
}

/** Loopback and tunnels have no addresses to compare; groups are everybody's. */
function isFor(via: Interface, bytes: Uint8Array): boolean {
  if (via.kind === 'loopback' || (bytes[0] & 1) === 1) return true
  return bytes.length >= 6 && macAt(bytes, 0) === via.mac
}

const macAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 8) | bytes[at + 1]) * 0x100000000 +
  (((bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]) >>> 0)

const typeByVersion = (first: number): number => (first >> 4 === 6 ? 0x86dd : 0x0800)

/** The frame as the interface shows it: loopback has a header of zeros before its type. */
function ethernetOf(via: Interface, bytes: Uint8Array): Uint8Array {
  const shown = bytes.slice()
  if (via.kind === 'loopback' && shown.length > 14) {
    shown.fill(0, 0, 12)
    put16(shown, 12, typeByVersion(shown[14]))
  }
  return shown
}

/** LINKTYPE_LINUX_SLL2 instead of the link header. */
function cooked(via: Interface, out: boolean, bytes: Uint8Array): Uint8Array {
  const raw = via.kind === 'ppp'
  const payload = raw ? bytes : bytes.subarray(14)
  const shown = new Uint8Array(COOKED_HEADER + payload.length)
  const bare = raw || via.kind === 'loopback'
  put16(shown, 0, bare ? typeByVersion(payload[0] ?? 0x45) : (bytes[12] << 8) | bytes[13])
  put32(shown, 4, via.index)
  put16(shown, 8, via.kind === 'loopback' ? 772 : raw ? 512 : 1)
  shown[10] = out ? SLL_OUTGOING : kindOf(via, bytes)
  if (!raw) {
    shown[11] = 6
    if (!bare) put48(shown, 12, macAt(bytes, 6))
  }
  shown.set(payload, COOKED_HEADER)
  return shown
}

function kindOf(via: Interface, bytes: Uint8Array): number {
  if (via.kind === 'loopback' || via.kind === 'ppp') return SLL_HOST
  if ((bytes[0] & 1) === 1) return macAt(bytes, 0) === 0xffffffffffff ? SLL_BROADCAST : SLL_MULTICAST
  return isFor(via, bytes) ? SLL_HOST : SLL_OTHERHOST
}

/** The name under which the name of an address is asked for; empty where nobody would know it. */
function reverseZone(address: string): string {
  const ip = parseIp(address)
  if (ip === undefined) return reverseZone6(parseIp6(address) ?? 0n)
  return ip === 0 || ip === 0xffffffff ? '' : `${address.split('.').reverse().join('.')}.in-addr.arpa`
}

/** RFC 3596 section 2.5. */
const reverseZone6 = (ip: Ip6): string =>
  ip === 0n ? '' : `${[...ip.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`
