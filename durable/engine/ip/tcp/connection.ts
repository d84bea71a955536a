// One connection: everything that RFC 9293 calls the transmission control block, as plain data that saves and loads.
import { fromBase64, toBase64 } from '../../link/base64.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { type IpAddress, loadIp, type StoredIp, storeIp } from '../../wire/addresses.ts'
import type { Socket } from '../hooks.ts'
import type { TransportPath } from '../transport.ts'
import { type Memory, Ring } from './ring.ts'
import { plus, type Seq } from './sequence.ts'
import { CLOSED, type State } from './state.ts'

/** How losses are being repaired: not at all, fast recovery (RFC 6582, 6675), or after a timeout. */
export const OPEN = 0
export const RECOVERY = 1
export const LOSS = 2

/** Whole numbers that are stored in this order: append only. */
const NUMBERS = [
  'state',
  'listener',
  'scope',
  'iss',
  'una',
  'nxt',
  'max',
  'wnd',
  'wl1',
  'wl2',
  'largestWnd',
  'sndScale',
  'mss',
  'pathMtu',
  'irs',
  'rcvNxt',
  'rcvAdv',
  'rcvScale',
  'rcvLimit',
  'lastAck',
  'unacked',
  'srtt',
  'rttvar',
  'rto',
  'retries',
  'refusals',
  'rttSeq',
  'rttAt',
  'cwnd',
  'ssthresh',
  'counted',
  'dupAcks',
  'recover',
  'phase',
  'highRxt',
  'tsOffset',
  'tsRecent',
  'tsRecentAt',
  'keepIdle',
  'keepInterval',
  'keepProbes',
  'keepSent',
  'challenges',
  'challengeAt',
  'heardAt',
  'sentAt',
  'copied',
  'copiedAt',
  'finAt',
  'probes',
  'finSeq',
  'rcvMss',
] as const

const FLAGS = [
  'finQueued',
  'finHeard',
  'finKnown',
  'sackOk',
  'tsOk',
  'nagle',
  'wanting',
  'ackNow',
  'orphan',
  'timing',
  'rescued',
  'readShut',
  'finAcked',
] as const

const TIMES = ['rtxAt', 'persistAt', 'ackAt', 'keepAt', 'waitAt'] as const

type StoredRange = readonly [start: Seq, octets: string]
export type StoredConnection = {
  readonly id: Socket
  readonly owner: string
  readonly origin: number
  readonly shown: readonly [component: string, image: string]
  readonly ends: readonly [StoredIp, number, StoredIp, number]
  readonly numbers: readonly number[]
  readonly flags: number
  readonly times: readonly (number | null)[]
  /** Capacity of both rings, as memory was counted. */
  readonly room: readonly [number, number]
  readonly out: string
  readonly in: string
  readonly early: readonly StoredRange[]
  readonly sacked: readonly number[]
}

export class Connection {
  readonly id: Socket
  /** By name; empty when nobody owns it any more. */
  owner: string
  /** The command that set it off. */
  readonly origin: number
  readonly local: IpAddress
  readonly localPort: number
  readonly remote: IpAddress
  readonly remotePort: number
  component: string
  image: string
  state: State = CLOSED
  /** Of a connection that waits to be accepted, or is being opened from outside: its listener. */
  listener: Socket = 0
  /** Index of the interface to send by, 0 = any. */
  scope = 0

  // Sending. `max` is the highest number sent, `nxt` the next to send: behind `max` after a timeout.
  iss: Seq = 0
  una: Seq = 0
  nxt: Seq = 0
  max: Seq = 0
  wnd = 0
  wl1: Seq = 0
  wl2: Seq = 0
  largestWnd = 0
  sndScale = 0
  /** The largest segment the other side takes, and the MTU that the way was found to carry (0: not looked up yet). */
  mss = 0
  pathMtu = 0
  /** What was sent and not acknowledged, then what waits; it begins at `una`. */
  readonly out = new Ring()
  /** We shall send no more. */
  finQueued = false
  /** Where our FIN stands, and whether it was acknowledged. */
  finSeq: Seq = 0
  finAcked = false
  nagle = true
  /** The owner waits for room. */
  wanting = false

  // Receiving. `rcvAdv` is the right edge of the window that was told.
  irs: Seq = 0
  rcvNxt: Seq = 0
  rcvAdv: Seq = 0
  rcvScale = 0
  rcvLimit = 0
  lastAck: Seq = 0
  /** Octets received and not read; behind them what came too early. */
  readonly in = new Ring()
  /** Ranges that came too early, the latest first (RFC 2018 section 4). */
  readonly earlyStart: Seq[] = []
  readonly earlyEnd: Seq[] = []
  /** A FIN was heard: its number. `finHeard` once everything before it is here. */
  finAt: Seq = 0
  finKnown = false
  finHeard = false
  /** The owner has closed: what still comes is for nobody. */
  readShut = false
  orphan = false
  /** Octets received since our last acknowledgement, and that one is to go out at once. */
  unacked = 0
  /** The largest segment received: what counts as a full one. */
  rcvMss = 0
  ackNow = false
  /** Octets that the owner has read since `copiedAt`: how large the window should be. */
  copied = 0
  copiedAt: Micros = 0

  // Round trip (RFC 6298), in microseconds: `srtt` eight times, `rttvar` four times the value.
  srtt = 0
  rttvar = 0
  rto = 0
  retries = 0
  refusals = 0
  timing = false
  rttSeq: Seq = 0
  rttAt: Micros = 0

  // Congestion, in octets.
  cwnd = 0
  ssthresh = 0x3fffffff
  counted = 0
  dupAcks = 0
  recover: Seq = 0
  phase = OPEN
  highRxt: Seq = 0
  rescued = false
  sackOk = false
  /** What the other side has beyond `una`, in order. */
  readonly sackedStart: Seq[] = []
  readonly sackedEnd: Seq[] = []

  // Timestamps (RFC 7323).
  tsOk = false
  tsOffset = 0
  tsRecent = 0
  tsRecentAt: Micros = 0

  keepIdle = 0
  keepInterval = 0
  keepProbes = 0
  keepSent = 0
  /** Questions to a closed window that nobody has answered. */
  probes = 0
  challenges = 0
  challengeAt: Micros = 0
  heardAt: Micros = 0
  sentAt: Micros = 0

  rtxAt: Micros = NEVER
  persistAt: Micros = NEVER
  ackAt: Micros = NEVER
  keepAt: Micros = NEVER
  /** The end of TIME-WAIT, or of waiting for a FIN that nobody may ever send. */
  waitAt: Micros = NEVER

  // Derived.
  /** The next one with the same ports. */
  next: Connection | undefined
  heapIndex = -1
  due: Micros = NEVER
  path: TransportPath | undefined
  pathEpoch = -1
  /** A segment of it is being worked on: what its owner sends meanwhile goes out at the end. */
  busy = false

  constructor(
    id: Socket,
    owner: string,
    origin: number,
    local: IpAddress,
    localPort: number,
    remote: IpAddress,
    remotePort: number,
    component: string,
    image: string,
  ) {
    this.id = id
    this.owner = owner
    this.origin = origin
    this.local = local
    this.localPort = localPort
    this.remote = remote
    this.remotePort = remotePort
    this.component = component
    this.image = image
  }

  /** One behind the last octet that we have to send; our FIN stands there. */
  get end(): Seq {
    return this.finAcked ? this.finSeq : plus(this.una, this.out.length)
  }

  save(): StoredConnection {
    const early: StoredRange[] = []
    for (let i = 0; i < this.earlyStart.length; i++) {
      const start = this.earlyStart[i] as number
      const octets = this.in.slice(this.in.length + ((start - this.rcvNxt) | 0), ((this.earlyEnd[i] as number) - start) | 0)
      early.push([start, toBase64(octets)])
    }
    let flags = 0
    for (let i = 0; i < FLAGS.length; i++) if (this[FLAGS[i] as (typeof FLAGS)[number]]) flags |= 1 << i
    return {
      id: this.id,
      owner: this.owner,
      origin: this.origin,
      shown: [this.component, this.image],
      ends: [storeIp(this.local), this.localPort, storeIp(this.remote), this.remotePort],
      numbers: NUMBERS.map((name) => this[name]),
      flags,
      times: TIMES.map((name) => storeTime(this[name])),
      room: [this.out.capacity, this.in.capacity],
      out: toBase64(this.out.slice(0, this.out.length)),
      in: toBase64(this.in.slice(0, this.in.length)),
      early,
      sacked: this.sackedStart.flatMap((start, i) => [start, this.sackedEnd[i] as number]),
    }
  }

  static load(stored: StoredConnection, memory: Memory): Connection {
    const [local, localPort, remote, remotePort] = stored.ends
    const c = new Connection(
      stored.id,
      stored.owner,
      stored.origin,
      loadIp(local),
      localPort,
      loadIp(remote),
      remotePort,
      stored.shown[0],
      stored.shown[1],
    )
    NUMBERS.forEach((name, i) => {
      c[name] = stored.numbers[i] ?? c[name]
    })
    FLAGS.forEach((name, i) => {
      c[name] = (stored.flags & (1 << i)) !== 0
    })
    TIMES.forEach((name, i) => {
      c[name] = loadTime(stored.times[i] ?? null)
    })
    const unlimited = { used: 0, limit: Number.MAX_SAFE_INTEGER }
    if (stored.room[0] > 0) c.out.reserve(stored.room[0], unlimited)
    if (stored.room[1] > 0) c.in.reserve(stored.room[1], unlimited)
    memory.used += unlimited.used
    c.out.length = fill(c.out, 0, stored.out)
    c.in.length = fill(c.in, 0, stored.in)
    for (const [start, octets] of stored.early) {
      c.earlyStart.push(start)
      c.earlyEnd.push(plus(start, fill(c.in, c.in.length + ((start - c.rcvNxt) | 0), octets)))
    }
    for (let i = 0; i < stored.sacked.length; i += 2) {
      c.sackedStart.push(stored.sacked[i] as number)
      c.sackedEnd.push(stored.sacked[i + 1] as number)
    }
    return c
  }
}

function fill(ring: Ring, offset: number, text: string): number {
  const octets = fromBase64(text) ?? new Uint8Array(0)
  if (octets.length > 0) ring.put(offset, octets, 0, octets.length)
  return octets.length
}
