// Network address and port translation of one machine: the home router's, and what ICS does for the Default Switch.
import type { AddressTranslator, Drop } from '../ip/hooks.ts'
import { sendIcmpError } from '../ip/icmp.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Frame } from '../link/frame.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatIp, type Ip4, inPrefix } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as tcp from '../wire/tcp.ts'
import { translateErrorInward, translateErrorOutward } from './nat-errors.ts'
import { type Forward, Forwards, mayUse, type NewForward } from './nat-forward.ts'
import { rewriteDestination, rewriteSource, unfit } from './nat-rewrite.ts'
import {
  ESTABLISHED,
  follow,
  lifetime,
  type NatBehavior,
  OPENED_FROM_OUTSIDE,
  OPENING,
  type Session,
  WINNAT,
} from './nat-session.ts'
import { type Mapping, NatTable, type Protocol, type StoredMapping } from './nat-table.ts'
import { type StoredSyn, WaitingSyns } from './nat-waiting.ts'

export type NatOptions = {
  /** Networks whose addresses are translated; asked at every new flow, since the Default Switch moves. */
  readonly inside: () => readonly { readonly network: Ip4; readonly prefixLength: number }[]
  /** Whether packets leaving by this interface are translated. */
  readonly isOutside: (via: Interface) => boolean
  /** Default: as WinNAT. */
  readonly behavior?: NatBehavior
  /** Where networks inside differ; undefined: as `behavior`. */
  readonly behaviorOf?: (inside: Ip4) => NatBehavior | undefined
  /** The address that a network inside is seen under, where it is not that of the way out. */
  readonly externalOf?: (inside: Ip4, to: Interface) => Ip4 | undefined
  /** Why what this inside address sends goes no further at the moment; undefined: it does. */
  readonly refuses?: (inside: Ip4) => Drop | undefined
  /** Why what comes from a network that is shared goes no further by another adapter of the computer's; undefined: it does. */
  readonly apart?: (from: Interface, to: Interface) => Drop | undefined
  /** Ports forwarded from the start; a stored NAT has its own list. */
  readonly forwards?: readonly NewForward[]
}

export type NatState = {
  readonly mappings: readonly StoredMapping[]
  readonly forwards: { readonly next: number; readonly all: readonly Forward[] }
  readonly syns: readonly StoredSyn[]
}

export class Nat implements Part, AddressTranslator {
  readonly kind = 'nat'
  readonly version = 2
  readonly name: string
  readonly table = new NatTable()
  readonly behavior: NatBehavior
  private readonly forwards = new Forwards()
  private readonly syns = new WaitingSyns()
  private readonly stack: Stack
  private readonly options: NatOptions
  private readonly udpLife: Micros

  constructor(stack: Stack, options: NatOptions, state?: NatState) {
    this.stack = stack
    this.options = options
    this.behavior = options.behavior ?? WINNAT
    this.udpLife = this.behavior.udp * SECOND
    this.name = `${stack.machine}/nat`
    if (state) {
      this.table.load(state.mappings)
      this.forwards.load(state.forwards)
      this.syns.load(state.syns)
    } else for (const forward of options.forwards ?? []) this.forwards.add(forward)
  }

  private behaviorFor(inside: Ip4): NatBehavior {
    return this.options.behaviorOf?.(inside) ?? this.behavior
  }

  outbound(from: Interface, to: Interface, frame: Frame, at: number, own: Ip4): boolean | Drop {
    const bytes = frame.bytes
    const apart = from.hidden && from !== to ? this.options.apart?.(from, to) : undefined
    if (apart !== undefined) return apart
    if (from === to || !this.options.isOutside(to) || ipv4.isFragment(bytes, at)) return false
    const src = ipv4.src(bytes, at)
    const source = this.options.externalOf?.(src, to) ?? own
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    const now = this.stack.sim.now
    const refused = unfit(bytes, at, head, protocol) ?? this.options.refuses?.(src)
    if (refused !== undefined) return this.isInside(src) ? refused : false
    if (protocol === ipv4.ICMP && !icmp.isEcho(bytes, head))
      return this.isInside(src) ? translateErrorOutward(this.table, bytes, at, head, source, now) : false
    const dst = ipv4.dst(bytes, at)
    const port = protocol === ipv4.ICMP ? icmp.ident(bytes, head) : u16(bytes, head)
    const remotePort = protocol === ipv4.ICMP ? 0 : u16(bytes, head + 2)
    const known = this.table.outward(protocol, src, port, source, now, dst, remotePort)
    if (known === undefined && !this.isInside(src)) return false
    const mapping = known ?? this.open(protocol as Protocol, src, port, source, now)
    if (mapping === undefined) return FULL
    const { sessions } = mapping
    const last = sessions.length === 0 ? undefined : sessions[sessions.length - 1]
    if (protocol === ipv4.UDP && last?.remoteIp === dst && last.remotePort === remotePort) {
      // The usual case: the same endpoints as before. One that had run out begins anew, which for UDP is the same.
      const until = now + (this.options.behaviorOf === undefined ? this.udpLife : this.behaviorFor(src).udp * SECOND)
      if (last.endsAt < now) last.since = now
      if (last.endsAt !== until) {
        last.endsAt = until
        if (until > mapping.endsAt) mapping.endsAt = until
      }
    } else this.spoke(mapping, dst, remotePort, bytes, head, now)
    rewriteSource(bytes, at, head, mapping)
    return true
  }

  /** A mapping for an inside endpoint: under the port that is forwarded to it, if there is one. */
  private open(protocol: Protocol, src: Ip4, port: number, source: Ip4, now: Micros): Mapping | undefined {
    const forward = this.forwards.reaching(protocol, src, port, source)
    if (forward === undefined) return this.table.open(protocol, src, port, source, now, this.inUse)
    return this.table.openForwarded(protocol, src, port, source, forward.externalPort, now)
  }

  /** The inside sent something to a remote endpoint: the flow begins or goes on. */
  private spoke(mapping: Mapping, dst: Ip4, remotePort: number, bytes: Uint8Array, head: number, now: Micros): void {
    const { table, syns } = this
    const { protocol } = mapping
    const behavior = this.behaviorFor(mapping.insideIp)
    const session = table.session(mapping, dst, remotePort, now) ?? table.begin(mapping, dst, remotePort, OPENING, now)
    if (protocol === ipv4.TCP) {
      follow(session, tcp.flags(bytes, head), false)
      if (syns.size > 0) {
        syns.forgive({ ...outsideOf(mapping), remoteIp: dst, remotePort })
        this.stack.sim.touch(this)
      }
    }
    table.keep(mapping, session, now + lifetime(behavior, protocol, session.phase))
  }

  inbound(from: Interface, frame: Frame, at: number): boolean | Drop {
    const bytes = frame.bytes
    if (ipv4.isFragment(bytes, at)) return false
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    if (unfit(bytes, at, head, protocol) !== undefined) return false
    if (!this.options.isOutside(from)) return this.hairpin(bytes, at, head, protocol as Protocol)
    const now = this.stack.sim.now
    if (protocol === ipv4.ICMP && !icmp.isEcho(bytes, head)) return translateErrorInward(this.table, bytes, at, head, now)
    if (protocol === ipv4.ICMP && icmp.type(bytes, head) === icmp.ECHO_REQUEST) return false
    const src = ipv4.src(bytes, at)
    const dst = ipv4.dst(bytes, at)
    const port = protocol === ipv4.ICMP ? icmp.ident(bytes, head) : u16(bytes, head + 2)
    const remotePort = protocol === ipv4.ICMP ? 0 : u16(bytes, head)
    const mapping = this.target(protocol as Protocol, dst, port, src, now)
    if (mapping === undefined || 'code' in mapping) return mapping ?? false
    const refused = this.heard(mapping, src, remotePort, bytes, head, now)
    if (refused !== undefined) {
      if (protocol === ipv4.TCP && at === ethernet.HEADER_LEN && isSyn(bytes, head)) {
        this.syns.add(now, from.index, { ...outsideOf(mapping), remoteIp: src, remotePort }, frame)
        this.stack.sim.touch(this)
      }
      return refused
    }
    rewriteDestination(bytes, at, head, mapping)
    return true
  }

  /** What stands behind an outside endpoint; undefined: nothing, so it is this machine itself. */
  private target(protocol: Protocol, dst: Ip4, port: number, src: Ip4, now: Micros): Mapping | Drop | undefined {
    const forward = this.forwards.find(protocol, dst, port)
    if (forward === undefined) return this.table.inward(protocol, dst, port, now)
    if (!mayUse(forward, src)) return { code: 'no-mapping', detail: `${formatIp(src)} may not use forwarded port ${port}` }
    const { internalIp, internalPort } = forward
    return this.table.openForwarded(protocol, internalIp, internalPort, dst, port, now) ?? FULL
  }

  /** Somebody outside sent something to a mapping: the flow begins or goes on, or it is refused. */
  private heard(m: Mapping, src: Ip4, remotePort: number, bytes: Uint8Array, head: number, now: Micros): Drop | undefined {
    const { table } = this
    const behavior = this.behaviorFor(m.insideIp)
    const known = table.session(m, src, remotePort, now)
    if (known === undefined && !this.admits(m, src, now))
      return {
        code: 'no-mapping',
        detail: `${formatIp(m.insideIp)} has sent nothing to ${formatIp(src)}${portText(behavior, remotePort)}`,
      }
    let session: Session
    if (m.protocol === ipv4.TCP) {
      const flags = tcp.flags(bytes, head)
      if (known === undefined && !isSyn(bytes, head))
        return {
          code: 'no-mapping',
          detail: `${formatIp(m.insideIp)} has no connection with ${formatIp(src)} port ${remotePort}`,
        }
      session = known ?? table.begin(m, src, remotePort, OPENED_FROM_OUTSIDE, now)
      follow(session, flags, true)
    } else {
      session = known ?? table.begin(m, src, remotePort, OPENED_FROM_OUTSIDE, now)
      // Not TCP's word, but the same to a table that is full: somebody answered.
      if (session.phase === OPENING) session.phase = ESTABLISHED
      // For UDP only outbound traffic keeps a flow alive, unless it is set otherwise; one that is new begins, of course.
      if (known !== undefined && m.protocol === ipv4.UDP && !behavior.udpInboundRefresh) return undefined
    }
    table.keep(m, session, now + lifetime(behavior, m.protocol, session.phase))
    return undefined
  }

  /** RFC 4787 section 5: who may begin. A forwarded port is open to all that may use it. */
  private admits(m: Mapping, src: Ip4, now: Micros): boolean {
    if (m.forwarded) return true
    const behavior = this.behaviorFor(m.insideIp)
    const filtering = m.protocol === ipv4.TCP ? (behavior.tcpFiltering ?? behavior.filtering) : behavior.filtering
    if (filtering === 'endpoint-independent') return m.protocol !== ipv4.ICMP || this.table.session(m, src, 0, now) !== undefined
    return filtering === 'address-dependent' && this.table.session(m, src, 0, now) !== undefined
  }

  /** From one inside endpoint to the outside endpoint of another (RFC 4787 REQ-9): both ends are translated. */
  private hairpin(bytes: Uint8Array, at: number, head: number, protocol: Protocol): boolean | Drop {
    const src = ipv4.src(bytes, at)
    const outside = ipv4.dst(bytes, at)
    const via = this.stack.ownerOf(outside)
    if (!this.behavior.hairpin || via === undefined || !this.options.isOutside(via) || !this.isInside(src)) return false
    const now = this.stack.sim.now
    if (protocol === ipv4.ICMP) {
      if (icmp.isEcho(bytes, head)) return false
      const said = translateErrorOutward(this.table, bytes, at, head, outside, now)
      return said === true ? translateErrorInward(this.table, bytes, at, head, now) : false
    }
    const port = u16(bytes, head)
    const targetPort = u16(bytes, head + 2)
    const known = this.table.outward(protocol, src, port, outside, now, outside, targetPort)
    const outsidePort = known?.outsidePort ?? port
    const target = this.target(protocol, outside, targetPort, outside, now)
    if (target === undefined || 'code' in target) return target ?? false
    const source = known ?? this.open(protocol, src, port, outside, now)
    if (source === undefined) return FULL
    // Refused before anything is said in the sender's name would do for a filter; but its own mapping stands either way.
    this.spoke(source, outside, targetPort, bytes, head, now)
    const refused = this.heard(target, outside, source.outsidePort, bytes, head, now)
    if (refused !== undefined)
      return { ...refused, detail: `${refused.detail} (from ${formatIp(src)} port ${outsidePort}, inside)` }
    rewriteSource(bytes, at, head, source)
    rewriteDestination(bytes, at, head, target)
    return true
  }

  /** Ports stand in the first fragment only: as Linux does, datagrams are put together, translated whole and cut again. */
  wantsWhole(from: Interface, to: Interface, bytes: Uint8Array, at: number): boolean {
    return from !== to && this.options.isOutside(to) && this.isInside(ipv4.src(bytes, at))
  }

  holds(port: number): boolean {
    return this.table.holds(port, this.stack.sim.now)
  }

  /** Ends every flow that began in this network. */
  forget(network: Ip4, prefixLength: number): void {
    for (const protocol of [ipv4.TCP, ipv4.UDP, ipv4.ICMP] as const)
      this.table.close(protocol, (m) => inPrefix(m.insideIp, network, prefixLength))
    this.stack.sim.touch(this)
  }

  private isInside(ip: Ip4): boolean {
    for (const { network, prefixLength } of this.options.inside()) if (inPrefix(ip, network, prefixLength)) return true
    return false
  }

  /** Ports and identifiers that this machine's own programs use, or that are forwarded. */
  private readonly inUse = (protocol: Protocol, port: number): boolean =>
    this.stack.udp.has(port) ||
    this.stack.tcp.usesPort(port) ||
    this.stack.echoes.has(port) ||
    // Never the one that this computer's own next ping will have.
    (protocol === ipv4.ICMP && port === this.stack.profile.echoIdent) ||
    this.forwards.holds(protocol, port)

  // Forwarded ports

  /** Undefined: the external port is forwarded already, or a program of this machine has it. */
  addForward(forward: NewForward): Forward | undefined {
    if (forward.protocol === ipv4.UDP && this.stack.udp.has(forward.externalPort)) return undefined
    const added = this.forwards.add(forward)
    if (added) this.table.close(added.protocol, (m) => m.outsidePort === added.externalPort)
    return added
  }

  /** Flows through it end. */
  removeForward(id: number): Forward | undefined {
    const gone = this.forwards.remove(id)
    if (gone) this.table.close(gone.protocol, (m) => m.forwarded && m.outsidePort === gone.externalPort)
    return gone
  }

  get forwarded(): readonly Forward[] {
    return this.forwards.all
  }

  /** Power off, or the network inside moved: nothing of the old flows is left. */
  clear(): void {
    this.table.clear()
    this.syns.clear()
    this.stack.sim.touch(this)
  }

  /** Mappings end when they are looked at too late; only SYNs that nobody expected wait for something. */
  pollAt(): Micros {
    return this.syns.dueAt
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(now: Micros): void {
    for (const syn of this.syns.takeDue(now)) {
      const via = this.stack.interfaces.get(syn.via)
      if (via === undefined || !this.stack.powered) continue
      this.stack.sim.cause = syn.packet[0]
      this.stack.sim.origin = syn.packet[1]
      sendIcmpError(this.stack, via, syn.bytes, ethernet.HEADER_LEN, 'port', 0)
    }
  }

  save(): Json {
    return { mappings: this.table.save(this.stack.sim.now), forwards: this.forwards.save(), syns: this.syns.save() }
  }
}

const FULL: Drop = { code: 'table-full', detail: 'no free port or identifier is left' }

const isSyn = (bytes: Uint8Array, head: number): boolean => (tcp.flags(bytes, head) & (tcp.SYN | tcp.ACK | tcp.RST)) === tcp.SYN

const outsideOf = (m: Mapping) => ({ outsideIp: m.outsideIp, outsidePort: m.outsidePort })

const portText = ({ filtering }: NatBehavior, port: number): string =>
  filtering === 'address-and-port-dependent' && port !== 0 ? ` port ${port}` : ''
