// The connections that a Linux machine knows of (net/netfilter/nf_conntrack_core.c): both directions of each, and for how long.
import type { Json } from '../../sim/json.ts'
import { type Micros, SECOND } from '../../sim/time.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import { ESTABLISHED, tcpLifetime } from './tcp-track.ts'
import { hashTuple, sameTuple, type Tuple } from './tuple.ts'

export type Connection = {
  readonly id: number
  readonly original: Tuple
  reply: Tuple
  /** Of TCP: the state by number. */
  state: number
  seenReply: boolean
  assured: boolean
  /** Which sides are rewritten, and which have been decided about. */
  sourceNat: boolean
  destinationNat: boolean
  sourceDone: boolean
  destinationDone: boolean
  mark: number
  readonly began: Micros
  expires: Micros
  packets: [original: number, reply: number]
  bytes: [original: number, reply: number]
}

type Stored = readonly [
  id: number,
  protocol: number,
  original: readonly [number, number, number, number],
  reply: readonly [number, number, number, number],
  state: number,
  flags: number,
  mark: number,
  began: number,
  expires: number,
  counters: readonly [number, number, number, number],
]
export type ConntrackState = { readonly next: number; readonly connections: readonly Stored[] }

/** nf_conntrack_max: of a machine with little memory. */
export const MAX_CONNECTIONS = 8192
const UDP_TIME = 30 * SECOND
const UDP_STREAM_TIME = 120 * SECOND
const ICMP_TIME = 30 * SECOND
const GENERIC_TIME = 600 * SECOND

export class Conntrack {
  /** Both directions of every connection, by hash. */
  private readonly buckets = new Map<number, { readonly tuple: Tuple; readonly connection: Connection }[]>()
  private readonly list = new Map<number, Connection>()
  private next = 1

  get size(): number {
    return this.list.size
  }

  find(tuple: Tuple, now: Micros): { readonly connection: Connection; readonly reply: boolean } | undefined {
    const bucket = this.buckets.get(hashTuple(tuple))
    if (bucket === undefined) return undefined
    for (const entry of bucket) {
      if (!sameTuple(entry.tuple, tuple)) continue
      if (entry.connection.expires <= now) {
        this.remove(entry.connection)
        return undefined
      }
      return { connection: entry.connection, reply: entry.tuple === entry.connection.reply }
    }
    return undefined
  }

  /** A connection that is not in the table yet: its first packet may still be dropped. */
  begin(original: Tuple, reply: Tuple, now: Micros): Connection {
    return {
      id: this.next++,
      original,
      reply,
      state: 0,
      seenReply: false,
      assured: false,
      sourceNat: false,
      destinationNat: false,
      sourceDone: false,
      destinationDone: false,
      mark: 0,
      began: now,
      expires: now,
      packets: [0, 0],
      bytes: [0, 0],
    }
  }

  has(connection: Connection): boolean {
    return this.list.has(connection.id)
  }

  /** Into the table. False: it is full of connections that are all in use, or another one has the same tuples. */
  confirm(connection: Connection, now: Micros): boolean {
    if (this.find(connection.original, now) !== undefined || this.find(connection.reply, now) !== undefined) return false
    if (this.list.size >= MAX_CONNECTIONS && !this.makeRoom(now)) return false
    this.list.set(connection.id, connection)
    this.index(connection.original, connection)
    this.index(connection.reply, connection)
    return true
  }

  remove(connection: Connection): void {
    if (!this.list.delete(connection.id)) return
    for (const tuple of [connection.original, connection.reply]) {
      const hash = hashTuple(tuple)
      const left = (this.buckets.get(hash) ?? []).filter((entry) => entry.connection !== connection)
      if (left.length === 0) this.buckets.delete(hash)
      else this.buckets.set(hash, left)
    }
  }

  /** How long it is kept from now on (nf_conntrack_proto_*.c). */
  refresh(connection: Connection, now: Micros): void {
    connection.expires = now + lifetimeOf(connection, now)
  }

  live(now: Micros): Connection[] {
    return [...this.list.values()].filter((connection) => connection.expires > now)
  }

  clear(): void {
    this.list.clear()
    this.buckets.clear()
  }

  private index(tuple: Tuple, connection: Connection): void {
    const hash = hashTuple(tuple)
    const bucket = this.buckets.get(hash)
    if (bucket) bucket.push({ tuple, connection })
    else this.buckets.set(hash, [{ tuple, connection }])
  }

  /** What has run out goes; if nothing has, the oldest that was never answered for good (early_drop). */
  private makeRoom(now: Micros): boolean {
    let victim: Connection | undefined
    let freed = false
    for (const connection of [...this.list.values()]) {
      if (connection.expires <= now) {
        this.remove(connection)
        freed = true
      } else if (victim === undefined && !connection.assured) victim = connection
    }
    if (freed) return true
    if (victim === undefined) return false
    this.remove(victim)
    return true
  }

  save(now: Micros): Json {
    const four = (t: Tuple) => [t.src, t.dst, t.sport, t.dport]
    return {
      next: this.next,
      connections: this.live(now).map((c) => [
        c.id,
        c.original.protocol,
        four(c.original),
        four(c.reply),
        c.state,
        [c.seenReply, c.assured, c.sourceNat, c.destinationNat, c.sourceDone, c.destinationDone].reduce(
          (bits, on, at) => bits | (on ? 1 << at : 0),
          0,
        ),
        c.mark,
        c.began,
        c.expires,
        [...c.packets, ...c.bytes],
      ]),
    }
  }

  load(state: ConntrackState, now: Micros): void {
    this.clear()
    this.next = state.next
    for (const [id, protocol, original, reply, tcpState, flags, mark, began, expires, counters] of state.connections) {
      const tuple = ([src, dst, sport, dport]: readonly [number, number, number, number]): Tuple => ({
        protocol,
        src,
        dst,
        sport,
        dport,
      })
      const on = (bit: number): boolean => (flags & (1 << bit)) !== 0
      this.confirm(
        {
          id,
          original: tuple(original),
          reply: tuple(reply),
          state: tcpState,
          seenReply: on(0),
          assured: on(1),
          sourceNat: on(2),
          destinationNat: on(3),
          sourceDone: on(4),
          destinationDone: on(5),
          mark,
          began,
          expires,
          packets: [counters[0], counters[1]],
          bytes: [counters[2], counters[3]],
        },
        now,
      )
    }
  }
}

function lifetimeOf(connection: Connection, now: Micros): Micros {
  switch (connection.original.protocol) {
    case ipv4.TCP:
      // A connection that was never answered may not hold its place for days (tcp_timeout_unacknowledged's purpose).
      return tcpLifetime(connection.state === ESTABLISHED && !connection.assured ? 1 : connection.state)
    case ipv4.UDP:
      return connection.assured && now - connection.began > 2 * SECOND ? UDP_STREAM_TIME : UDP_TIME
    case ipv4.ICMP:
      return ICMP_TIME
    default:
      return GENERIC_TIME
  }
}
