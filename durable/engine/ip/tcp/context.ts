// What the roles of TCP share on one machine: tables, owners, memory, counters.
import type { RandomStream } from '../../sim/random.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import type { Socket, StreamError, StreamEvent, StreamOwner } from '../hooks.ts'
import type { TcpProfile } from '../profile.ts'
import type { Stack } from '../stack.ts'
import type { Connection } from './connection.ts'
import { type Key, keyOf } from './isn.ts'
import type { Memory } from './ring.ts'
import { Segment } from './segment.ts'
import { Table } from './table.ts'

/** Limits of one machine. Connections in TIME-WAIT are the first to go, oldest first. */
export const LIMITS = { connections: 4096, timeWaits: 1024, listeners: 256, halfOpen: 256, memory: 4 << 20 } as const

/** As RFC 4022 names them. */
export type Counters = {
  activeOpens: number
  passiveOpens: number
  attemptFails: number
  estabResets: number
  inSegs: number
  outSegs: number
  retransSegs: number
  inErrs: number
  outRsts: number
}

/** MTUs that were found by ICMP, for ten minutes (RFC 1191 section 6.3). */
export type KnownMtu = { mtu: number; until: number }

export class TcpContext {
  readonly stack: Stack
  readonly profile: TcpProfile
  readonly table = new Table()
  readonly owners = new Map<string, StreamOwner>()
  readonly memory: Memory = { used: 0, limit: LIMITS.memory }
  readonly segment = new Segment()
  readonly key: Key
  readonly mtus = new Map<IpAddress, KnownMtu>()
  counters: Counters = noCounters()
  /** Why segments were thrown away, and how many. */
  readonly drops = new Map<string, number>()
  nextSocket = 1

  constructor(stack: Stack, random: RandomStream) {
    this.stack = stack
    this.profile = stack.profile.tcp
    this.key = keyOf(random)
  }

  get now(): number {
    return this.stack.sim.now
  }

  /** Throws the segment away that is being received. */
  drop(code: 'malformed' | 'ignored' | 'no-listener' | 'table-full' | 'filtered', reason: string, detail = reason): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1)
    this.stack.drop(code, detail)
  }

  tell(c: Connection, event: StreamEvent, error?: StreamError): void {
    if (c.owner === '' || c.listener !== 0) return
    this.owners.get(c.owner)?.streamEvent(c.id, event, error)
  }

  tellListener(socket: Socket): void {
    const listener = this.table.listeners.get(socket)
    if (listener !== undefined) this.owners.get(listener.owner)?.streamEvent(socket, 'incoming')
  }

  /** Reads again when a connection must be looked at next. */
  rearm(c: Connection): void {
    let due = c.rtxAt
    if (c.persistAt < due) due = c.persistAt
    if (c.ackAt < due) due = c.ackAt
    if (c.keepAt < due) due = c.keepAt
    if (c.waitAt < due) due = c.waitAt
    if (due === c.due) return
    const { table } = this
    const before = table.dueAt
    table.schedule(c, due)
    if (table.dueAt !== before) this.stack.sim.touch(this.stack)
  }

  /** Takes a connection out of every table; its socket means nothing from here on. */
  forget(c: Connection): void {
    const { table } = this
    const before = table.dueAt
    const listener = c.listener === 0 ? undefined : table.listeners.get(c.listener)
    if (listener !== undefined) {
      const at = listener.waiting.indexOf(c.id)
      if (at >= 0) listener.waiting.splice(at, 1)
      else listener.half--
    }
    table.remove(c)
    c.state = 0
    c.out.free(this.memory)
    c.in.free(this.memory)
    if (table.dueAt !== before) this.stack.sim.touch(this.stack)
  }

  /** The connection is over, and not because its owner wished it. */
  fail(c: Connection, error: StreamError): void {
    const { owner, id, listener } = c
    this.forget(c)
    if (owner !== '' && listener === 0) this.owners.get(owner)?.streamEvent(id, 'failed', error)
  }
}

export const noCounters = (): Counters => ({
  activeOpens: 0,
  passiveOpens: 0,
  attemptFails: 0,
  estabResets: 0,
  inSegs: 0,
  outSegs: 0,
  retransSegs: 0,
  inErrs: 0,
  outRsts: 0,
})
