// Netfilter of a Linux machine: tables, connection tracking and NAT at the five places of the IPv4 path. The order at each
// place is that of the kernel's hook priorities: raw, tracking, mangle, nat (destination), filter, nat (source), confirm.
import { type Frame, rewritten } from '../../link/frame.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import type { RandomStream } from '../../sim/random.ts'
import { StillPart } from '../../sim/still-part.ts'
import type { Micros } from '../../sim/time.ts'
import { u16 } from '../../wire/bytes.ts'
import * as icmp from '../../wire/icmp.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { Drop, PacketHooks } from '../hooks.ts'
import type { Interface } from '../interface.ts'
import type { Stack } from '../stack.ts'
import { type Connection, Conntrack, type ConntrackState } from './conntrack.ts'
import { logLine } from './log-line.ts'
import { type Look, ruleMatches } from './match.ts'
import { reject } from './reject.ts'
import type { Side } from './rewrite.ts'
import { type Chain, type HookName, newTable, STATES, type Table, type TableName, type Target, wantsTracking } from './rule.ts'
import { ESTABLISHED, followTcp, TIME_WAIT } from './tcp-track.ts'
import { bind, type Range, translate, translateError } from './translate.ts'
import { inverted, tupleOf } from './tuple.ts'

export type LogEntry = { readonly at: Micros; readonly text: string }
export type NetfilterState = {
  readonly tables: readonly Table[]
  readonly conntrack: ConntrackState
  readonly log: readonly LogEntry[]
  readonly random: number
  readonly counters: TrackCounters
}
export type TrackCounters = { invalid: number; insertFailed: number; drop: number; found: number }

const MAX_LOG = 256
/** Chains may call chains so deep (NFT_JUMP_STACK_SIZE). */
const MAX_DEPTH = 16
/** Rules that one packet may be held against at one place. */
const RULE_BUDGET = 20_000

/** What is known of the packet on its way between the places. */
type Current = { connection: Connection | undefined; reply: boolean; states: number; error: boolean }
type Verdict = 'ACCEPT' | Drop

export class Netfilter extends StillPart implements Part, PacketHooks {
  readonly kind = 'netfilter'
  readonly version = 1
  readonly name: string
  /** Tables that people have written to. */
  tables: Table[] = []
  readonly conntrack = new Conntrack()
  log: LogEntry[] = []
  counters: TrackCounters = { invalid: 0, insertFailed: 0, drop: 0, found: 0 }
  active = false
  mark = 0
  private tracking = false
  private current: Current = { connection: undefined, reply: false, states: STATES.UNTRACKED, error: false }
  /** The connection that an answer of our own making (REJECT) belongs to. */
  private attached: Current | undefined
  private budget = RULE_BUDGET
  private readonly stack: Stack
  private readonly random: RandomStream

  constructor(stack: Stack, state?: NetfilterState) {
    super()
    this.stack = stack
    this.name = `${stack.machine}/netfilter`
    this.random = stack.sim.random(this.name, state?.random ?? 0)
    if (state) {
      this.tables = copyTables(state.tables)
      this.conntrack.load(state.conntrack, stack.sim.now)
      this.log = [...state.log]
      this.counters = { ...state.counters }
    }
    this.settle()
  }

  table(name: TableName): Table | undefined {
    return this.tables.find((table) => table.name === name)
  }

  /** Puts a table in place of what stands there. */
  replace(table: Table): void {
    this.tables = [...this.tables.filter((one) => one.name !== table.name), table]
    this.settle()
  }

  private settle(): void {
    this.tracking = wantsTracking(this.tables)
    this.active = this.tables.length > 0
  }

  // The five places

  prerouting(via: Interface, frame: Frame, at: number): Drop | undefined {
    this.mark = 0
    this.budget = RULE_BUDGET
    this.untracked = false
    this.current = { connection: undefined, reply: false, states: STATES.UNTRACKED, error: false }
    const raw = this.walk('raw', 'PREROUTING', frame, at, via, undefined)
    if (raw !== 'ACCEPT') return raw
    if (this.tracking) this.track(frame.bytes, at)
    const mangle = this.walk('mangle', 'PREROUTING', frame, at, via, undefined)
    if (mangle !== 'ACCEPT') return mangle
    return this.nat('PREROUTING', 'destination', frame, at, via, undefined)
  }

  input(via: Interface, frame: Frame, at: number): Drop | undefined {
    for (const table of ['mangle', 'filter'] as const) {
      const verdict = this.walk(table, 'INPUT', frame, at, via, undefined)
      if (verdict !== 'ACCEPT') return verdict
    }
    return this.nat('INPUT', 'source', frame, at, via, undefined) ?? this.confirm()
  }

  forward(from: Interface, to: Interface, frame: Frame, at: number): Drop | undefined {
    for (const table of ['mangle', 'filter'] as const) {
      const verdict = this.walk(table, 'FORWARD', frame, at, from, to)
      if (verdict !== 'ACCEPT') return verdict
    }
    return undefined
  }

  output(to: Interface, frame: Frame, at: number): Drop | undefined {
    this.mark = 0
    this.budget = RULE_BUDGET
    this.untracked = false
    this.current = { connection: undefined, reply: false, states: STATES.UNTRACKED, error: false }
    const raw = this.walk('raw', 'OUTPUT', frame, at, undefined, to)
    if (raw !== 'ACCEPT') return raw
    if (this.attached !== undefined) this.current = this.attached
    else if (this.tracking) this.track(frame.bytes, at)
    const mangle = this.walk('mangle', 'OUTPUT', frame, at, undefined, to)
    if (mangle !== 'ACCEPT') return mangle
    const refused = this.nat('OUTPUT', 'destination', frame, at, undefined, to)
    if (refused !== undefined) return refused
    const filter = this.walk('filter', 'OUTPUT', frame, at, undefined, to)
    return filter === 'ACCEPT' ? undefined : filter
  }

  postrouting(to: Interface, frame: Frame, at: number): Drop | undefined {
    const mangle = this.walk('mangle', 'POSTROUTING', frame, at, undefined, to)
    if (mangle !== 'ACCEPT') return mangle
    return this.nat('POSTROUTING', 'source', frame, at, undefined, to) ?? this.confirm()
  }

  // Connections

  private track(bytes: Uint8Array, at: number): void {
    if (this.untracked) return
    const { now } = this.stack.sim
    const end = at + ipv4.totalLen(bytes, at)
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    if (protocol === ipv4.ICMP && head + 8 <= end && icmp.isError(bytes, head)) return this.trackError(bytes, head, end)
    const tuple = tupleOf(bytes, at, end)
    if (tuple === undefined) return this.invalid()
    let known = this.conntrack.find(tuple, now)
    if (known && protocol === ipv4.TCP && head + 20 <= end && reopens(known.connection, tcp.flags(bytes, head), known.reply)) {
      this.conntrack.remove(known.connection)
      known = undefined
    }
    // An answer to nothing begins no connection.
    if (known === undefined && protocol === ipv4.ICMP && bytes[head] === icmp.ECHO_REPLY) return this.invalid()
    const connection = known?.connection ?? this.conntrack.begin(tuple, inverted(tuple), now)
    const reply = known?.reply ?? false
    if (protocol === ipv4.TCP) {
      if (head + 20 > end) return this.invalid()
      const next = followTcp(connection.state, tcp.flags(bytes, head), reply)
      if (next < 0) return this.invalid()
      connection.state = next
      if (next === ESTABLISHED && reply) connection.assured = true
      if (next === ESTABLISHED && connection.seenReply) connection.assured = true
    } else if (protocol === ipv4.UDP && (connection.seenReply || reply) && now - connection.began > 2_000_000)
      connection.assured = true
    const side = reply ? 1 : 0
    connection.packets[side]++
    connection.bytes[side] += end - at
    if (reply) connection.seenReply = true
    this.conntrack.refresh(connection, now)
    if (known) this.counters.found++
    const states =
      (connection.seenReply ? STATES.ESTABLISHED : STATES.NEW) |
      (connection.sourceNat ? STATES.SNAT : 0) |
      (connection.destinationNat ? STATES.DNAT : 0)
    this.current = { connection, reply, states, error: false }
  }

  /** An error belongs to the connection of the packet that it quotes, in the other direction. */
  private trackError(bytes: Uint8Array, head: number, end: number): void {
    const inner = head + 8
    if (inner + 28 > end || ipv4.headerLen(bytes, inner) < 20) return this.invalid()
    const quoted = tupleOf(bytes, inner, end)
    const known = quoted && this.conntrack.find(inverted(quoted), this.stack.sim.now)
    if (known === undefined) return this.invalid()
    this.current = { connection: known.connection, reply: known.reply, states: STATES.RELATED, error: true }
  }

  private invalid(): void {
    this.counters.invalid++
    this.current = { connection: undefined, reply: false, states: STATES.INVALID, error: false }
  }

  private confirm(): Drop | undefined {
    const { connection, error } = this.current
    if (connection === undefined || error || this.current.reply || this.conntrack.has(connection)) return undefined
    if (this.conntrack.confirm(connection, this.stack.sim.now)) return undefined
    this.counters.insertFailed++
    return { code: 'table-full', detail: 'nf_conntrack: table full, dropping packet' }
  }

  // NAT

  private nat(
    hook: HookName,
    side: Side,
    frame: Frame,
    at: number,
    from: Interface | undefined,
    to: Interface | undefined,
  ): Drop | undefined {
    const { connection, reply, error } = this.current
    if (connection === undefined) return undefined
    const done = side === 'source' ? 'sourceDone' : 'destinationDone'
    if (!connection[done] && !reply && !error && !this.conntrack.has(connection)) {
      const verdict = this.walk('nat', hook, frame, at, from, to)
      if (verdict !== 'ACCEPT') return verdict
      // Unless the chain chose something, the side stays as it is; its port must be unique all the same.
      if (!connection[done] && side === 'source') {
        const leaving = inverted(connection.reply)
        bind(
          this.conntrack,
          connection,
          side,
          { first: leaving.src, last: leaving.src, ports: null },
          this.random,
          this.stack.sim.now,
        )
      }
      connection[done] = true
    }
    const end = at + ipv4.totalLen(frame.bytes, at)
    const change = error ? translateError : translate
    if (change(connection, reply, side, frame.bytes, at, end)) rewritten(frame)
    return undefined
  }

  private give(side: Side, range: Range): Verdict {
    const { connection } = this.current
    if (connection === undefined) return 'ACCEPT'
    connection[side === 'source' ? 'sourceDone' : 'destinationDone'] = true
    if (bind(this.conntrack, connection, side, range, this.random, this.stack.sim.now)) return 'ACCEPT'
    return { code: 'table-full', detail: 'no free port or identifier is left' }
  }

  // Chains

  private untracked = false

  private walk(
    name: TableName,
    hook: HookName,
    frame: Frame,
    at: number,
    from: Interface | undefined,
    to: Interface | undefined,
  ): Verdict {
    const table = this.tables.find((one) => one.name === name)
    const chain = table?.chains.find((one) => one.name === hook)
    if (table === undefined || chain === undefined) return 'ACCEPT'
    const { bytes } = frame
    const size = ipv4.totalLen(bytes, at)
    const look: Look = {
      stack: this.stack,
      bytes,
      at,
      head: at + ipv4.headerLen(bytes, at),
      end: at + size,
      from,
      to,
      states: this.current.states,
      mark: this.mark,
    }
    const verdict = this.runChain(table, chain, look, frame, hook, 0)
    if (verdict !== undefined) return verdict
    chain.packets++
    chain.bytes += size
    return chain.policy === 'DROP' ? { code: 'netfilter', detail: `table ${name}, chain ${hook}, policy DROP` } : 'ACCEPT'
  }

  /** Undefined: the chain came to its end. */
  private runChain(table: Table, chain: Chain, first: Look, frame: Frame, hook: HookName, depth: number): Verdict | undefined {
    let look = first
    for (const [at, rule] of chain.rules.entries()) {
      if (--this.budget < 0) return { code: 'netfilter', detail: 'the packet was held against too many rules' }
      if (look.mark !== this.mark) look = { ...look, mark: this.mark }
      if (!ruleMatches(rule, look)) continue
      rule.packets++
      rule.bytes += look.end - look.at
      const { target } = rule
      if (target === null) continue
      if (target.kind === 'RETURN') return undefined
      if (target.kind === 'chain') {
        const called = table.chains.find((one) => one.name === target.name)
        if (called === undefined || depth >= MAX_DEPTH) continue
        const verdict = this.runChain(table, called, look, frame, hook, depth + 1)
        if (verdict !== undefined) return verdict
        if (target.goto) return undefined
        continue
      }
      const verdict = this.apply(target, look, frame, table, chain, at)
      if (verdict !== undefined) return verdict
    }
    return undefined
  }

  /** What a target does; undefined: the next rule is looked at. */
  private apply(target: Target, look: Look, frame: Frame, table: Table, chain: Chain, at: number): Verdict | undefined {
    const dropped = (how: string): Drop => ({
      code: 'netfilter',
      detail: `table ${table.name}, chain ${chain.name}, rule ${at + 1} (${how})`,
    })
    switch (target.kind) {
      case 'ACCEPT':
        return 'ACCEPT'
      case 'DROP':
        return dropped('DROP')
      case 'REJECT': {
        this.attached = this.answerTo(target.with !== 'tcp-reset')
        reject(look, target.with)
        this.attached = undefined
        return dropped(`REJECT with ${target.with}`)
      }
      case 'LOG':
        this.log.push({ at: this.stack.sim.now, text: logLine(target.prefix, look) })
        if (this.log.length > MAX_LOG) this.log.shift()
        return undefined
      case 'NOTRACK':
        this.untracked = true
        return undefined
      case 'MARK':
        this.mark = ((this.mark & ~target.mask) ^ target.value) >>> 0
        return undefined
      case 'TTL': {
        const { bytes } = look
        const before = ipv4.ttl(bytes, look.at)
        const after = target.how === 'set' ? target.value : target.how === 'inc' ? before + target.value : before - target.value
        setTtl(bytes, look.at, Math.max(0, Math.min(255, after)))
        rewritten(frame)
        return undefined
      }
      case 'SNAT':
        return this.give('source', target)
      case 'DNAT':
        return this.give('destination', target)
      case 'MASQUERADE': {
        const nextHop = ipv4.dst(look.bytes, look.at)
        const own = (look.to?.addressFor(nextHop) ?? look.to?.primary)?.ip
        return own === undefined
          ? dropped('MASQUERADE: the interface has no address')
          : this.give('source', { first: own, last: own, ports: target.ports })
      }
      case 'REDIRECT': {
        const own = look.from === undefined ? 0x7f000001 : look.from.primary?.ip
        return own === undefined
          ? dropped('REDIRECT: the interface has no address')
          : this.give('destination', { first: own, last: own, ports: target.ports })
      }
      case 'RETURN':
      case 'chain':
        return undefined
      default:
        return target satisfies never
    }
  }

  /** An answer to the present packet runs in its connection's other direction. */
  private answerTo(asError: boolean): Current | undefined {
    const { connection, reply, error } = this.current
    if (connection === undefined || error) return undefined
    return { connection, reply: !reply, states: STATES.RELATED, error: asError }
  }

  /** Everything that was told goes with the power. */
  clear(): void {
    this.tables = []
    this.conntrack.clear()
    this.log = []
    this.counters = { invalid: 0, insertFailed: 0, drop: 0, found: 0 }
    this.settle()
  }

  changed(): void {
    this.settle()
  }

  /** Connections end when they are looked at too late; nothing ticks. */
  save(): NetfilterState & Json {
    return {
      tables: copyTables(this.tables),
      conntrack: this.conntrack.save(this.stack.sim.now) as unknown as ConntrackState,
      log: this.log.map((entry) => ({ ...entry })),
      random: this.random.counter,
      counters: { ...this.counters },
    } as unknown as NetfilterState & Json
  }
}

/** A new opening between the same ports, while the old connection is only remembered. */
const reopens = (connection: Connection, flags: number, reply: boolean): boolean =>
  !reply && (flags & (tcp.SYN | tcp.ACK | tcp.RST)) === tcp.SYN && connection.state >= TIME_WAIT

/** The tables as they are, counters and credit included. */
export const copyTables = (tables: readonly Table[]): Table[] =>
  tables.map((table) => ({
    name: table.name,
    chains: table.chains.map((chain) => ({
      ...chain,
      rules: chain.rules.map((rule) => ({ ...rule, matches: rule.matches.map((match) => ({ ...match })) })),
    })),
  }))

function setTtl(bytes: Uint8Array, at: number, ttl: number): void {
  const before = u16(bytes, at + 8)
  bytes[at + 8] = ttl
  const sum = (~u16(bytes, at + 10) & 0xffff) + (~before & 0xffff) + u16(bytes, at + 8)
  const folded = (sum & 0xffff) + (sum >>> 16)
  const mended = ~((folded & 0xffff) + (folded >>> 16)) & 0xffff
  bytes[at + 10] = mended >>> 8
  bytes[at + 11] = mended
}

export const tableOf = (netfilter: Netfilter, name: TableName): Table => netfilter.table(name) ?? newTable(name)
