// Fragments put together (RFC 8200 section 4.5). A packet with overlapping fragments is given up whole (RFC 5722).
import { fromBase64, toBase64 } from '../../link/base64.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, type Micros, NEVER, SECOND } from '../../sim/time.ts'
import { formatIp6, type Ip6, parseIp6 } from '../../wire/addresses.ts'

const TIMEOUT = 60 * SECOND
/** Packets under way, and octets in all of them: somebody who sends first halves only fills no more than this. */
const MAX_PACKETS = 64
const MAX_OCTETS = 256 * 1024
const MAX_PIECES = 64

export type Partial6 = {
  readonly src: Ip6
  readonly dst: Ip6
  readonly id: number
  readonly interface: number
  readonly due: Micros
  /** What the whole carries: of the first fragment, in which the rest of the headers is. */
  protocol: number
  /** The packet that the first fragment came in: header and all, for the error when the rest never comes. */
  first: Uint8Array | undefined
  pieces: { from: number; data: Uint8Array }[]
  /** Length of the whole, or -1 while the last fragment has not come. */
  total: number
  /** Overlapped: whatever else comes is dropped until the time is over. */
  spoilt: boolean
}

export type Piece = {
  readonly protocol: number
  readonly offset: number
  readonly more: boolean
  readonly data: Uint8Array
  readonly packet: Uint8Array
}
export type Outcome =
  | { readonly kind: 'whole'; readonly protocol: number; readonly payload: Uint8Array; readonly first: Uint8Array }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'dropped'; readonly reason: string }

export class Reassembly {
  private readonly table = new Map<string, Partial6>()
  private octets = 0

  take(src: Ip6, dst: Ip6, id: number, index: number, piece: Piece, now: Micros): Outcome {
    const key = `${src.toString(36)}/${dst.toString(36)}/${id}`
    const known = this.table.get(key)
    const packet = known ?? this.begin(key, { src, dst, id, interface: index, due: now + TIMEOUT }, piece.protocol)
    if (packet.spoilt) return { kind: 'dropped', reason: 'fragments of this packet overlapped' }
    const end = piece.offset + piece.data.length
    const overlaps = packet.pieces.some((p) => piece.offset < p.from + p.data.length && p.from < end)
    const beyond = packet.total >= 0 && (end > packet.total || (!piece.more && end !== packet.total))
    const cut = !piece.more && packet.pieces.some((p) => p.from + p.data.length > end)
    if (overlaps || beyond || cut) {
      this.release(packet)
      packet.spoilt = true
      return { kind: 'dropped', reason: 'it overlaps another fragment of the packet' }
    }
    if (packet.pieces.length >= MAX_PIECES || this.octets + piece.data.length > MAX_OCTETS) {
      this.forget(key)
      return { kind: 'dropped', reason: 'too many fragments wait for others' }
    }
    packet.pieces.push({ from: piece.offset, data: piece.data.slice() })
    this.octets += piece.data.length
    if (!piece.more) packet.total = end
    if (piece.offset === 0) {
      packet.first = piece.packet.slice()
      packet.protocol = piece.protocol
    }
    return this.complete(key, packet)
  }

  private begin(key: string, at: Pick<Partial6, 'src' | 'dst' | 'id' | 'interface' | 'due'>, protocol: number): Partial6 {
    // The oldest goes: it has waited longest in vain.
    if (this.table.size >= MAX_PACKETS) this.forget(this.table.keys().next().value as string)
    const packet: Partial6 = { ...at, protocol, first: undefined, pieces: [], total: -1, spoilt: false }
    this.table.set(key, packet)
    return packet
  }

  private complete(key: string, packet: Partial6): Outcome {
    const { total, pieces, first, protocol } = packet
    const have = pieces.reduce((n, p) => n + p.data.length, 0)
    if (total < 0 || have < total || first === undefined) return { kind: 'waiting' }
    const payload = new Uint8Array(total)
    for (const { from, data } of pieces) payload.set(data, from)
    this.forget(key)
    return { kind: 'whole', protocol, payload, first }
  }

  private release(packet: Partial6): void {
    for (const { data } of packet.pieces) this.octets -= data.length
    packet.pieces = []
  }

  private forget(key: string): void {
    const packet = this.table.get(key)
    if (packet !== undefined) this.release(packet)
    this.table.delete(key)
  }

  /** Those whose time is over, taken out. */
  late(now: Micros): Partial6[] {
    const gone: Partial6[] = []
    for (const [key, packet] of [...this.table]) {
      if (packet.due > now) continue
      gone.push(packet)
      this.forget(key)
    }
    return gone
  }

  get dueAt(): Micros {
    let at = NEVER
    for (const { due } of this.table.values()) if (due < at) at = due
    return at
  }
  get size(): number {
    return this.table.size
  }

  clear(): void {
    this.table.clear()
    this.octets = 0
  }

  save(): Json {
    return [...this.table.values()].map((p) => [
      formatIp6(p.src),
      formatIp6(p.dst),
      p.id,
      p.interface,
      p.due,
      p.protocol,
      p.first === undefined ? null : toBase64(p.first),
      p.pieces.map(({ from, data }) => [from, toBase64(data)]),
      p.total,
      p.spoilt,
    ])
  }

  load(stored: readonly StoredPartial[]): void {
    this.clear()
    for (const [from, to, id, index, due, protocol, first, pieces, total, spoilt] of stored) {
      const [src, dst] = [parseIp6(from) ?? 0n, parseIp6(to) ?? 0n]
      const loaded = pieces.map(([at, data]) => ({ from: at, data: fromBase64(data) ?? new Uint8Array(0) }))
      for (const { data } of loaded) this.octets += data.length
      this.table.set(`${src.toString(36)}/${dst.toString(36)}/${id}`, {
        src,
        dst,
        id,
        interface: index,
        due: loadTime(due),
        protocol,
        first: first === null ? undefined : (fromBase64(first) ?? undefined),
        pieces: loaded,
        total,
        spoilt,
      })
    }
  }
}

export type StoredPartial = readonly [
  string,
  string,
  number,
  number,
  number,
  number,
  string | null,
  readonly (readonly [number, string])[],
  number,
  boolean,
]
