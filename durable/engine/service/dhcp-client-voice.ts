// What a DHCP client says: its socket, its messages, and the events for those who watch.
import type { DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { formatIp, type Ip4, LIMITED_BROADCAST } from '../wire/addresses.ts'
import * as dhcp from '../wire/dhcp.ts'
import { type ClientState, holds, type Phase } from './dhcp-client-state.ts'
import { backOff, type Dialect, wordsOf } from './dhcp-dialect.ts'
import type { DhcpEvent } from './dhcp-events.ts'
import { DhcpTemplate } from './dhcp-template.ts'

export type ClientParts = {
  readonly sim: Simulation
  readonly stack: Stack
  readonly via: Interface
  readonly options: { readonly hostname: string; readonly dialect: Dialect; readonly manualDns?: () => boolean }
  readonly part: Part & DatagramOwner
  readonly listeners: ReadonlySet<(event: DhcpEvent) => void>
}

const TYPES = {
  DISCOVER: dhcp.option.messageType(dhcp.DISCOVER),
  REQUEST: dhcp.option.messageType(dhcp.REQUEST),
  RELEASE: dhcp.option.messageType(dhcp.RELEASE),
  DECLINE: dhcp.option.messageType(dhcp.DECLINE),
}
type Kind = keyof typeof TYPES

export class ClientVoice {
  private readonly parts: ClientParts
  private readonly state: ClientState
  private readonly random: RandomStream
  private socket: UdpSocket | undefined
  /** Messages by kind and by the options they have; they hold the link address, which may change. */
  private readonly templates = new Map<number, DhcpTemplate>()
  private templatesMac = -1

  constructor(parts: ClientParts, state: ClientState) {
    this.parts = parts
    this.state = state
    this.random = parts.sim.random(parts.part.name, state.random)
    if (this.socketFor(state.phase) !== undefined) this.open(this.socketFor(state.phase) as Ip4)
  }

  /** A new transaction (RFC 2131 section 4.4.1). */
  newExchange(): void {
    this.state.xid = this.random.next()
    this.state.random = this.random.counter
    this.state.startedAt = this.parts.sim.now
  }

  /** The wait after the message about to be sent. */
  nextWait(): Micros {
    const wait = backOff(this.parts.options.dialect, this.state.sent + 1, this.random)
    this.state.random = this.random.counter
    return wait
  }

  /** Replies to an address not yet ours are taken while one is asked for; Windows keeps its socket only as long. */
  openFor(phase: Phase): void {
    const { via } = this.parts
    via.acceptsOffers = phase === 'selecting' || phase === 'requesting' || phase === 'init-reboot'
    const localIp = this.socketFor(phase)
    if (localIp === this.socket?.localIp) return
    this.close()
    if (localIp !== undefined) this.open(localIp)
  }

  /** The address to listen at, 0 for all, undefined for no socket. */
  private socketFor(phase: Phase): Ip4 | undefined {
    if (phase === 'stopped' || phase === 'no-link' || phase === 'released') return undefined
    if (!holds(phase)) return phase === 'resting' ? undefined : 0
    if (this.parts.options.dialect === 'linux') return this.state.lease?.ip ?? 0
    return phase === 'bound' ? undefined : 0
  }

  private open(localIp: Ip4): void {
    const { stack, part, via, options } = this.parts
    const owner = options.dialect === 'linux' ? { image: 'systemd-network' } : { component: 'Dhcp', image: 'svchost.exe' }
    this.socket = bindUdp(stack, part, { port: dhcp.CLIENT_PORT, via, localIp, ...owner })
  }

  private close(): void {
    if (this.socket !== undefined) closeUdp(this.parts.stack, this.socket)
    this.socket = undefined
  }

  /** `ip` is the address the message is about: asked for, held, given back or refused. */
  send(kind: Kind, ip: Ip4, wait: Micros): void {
    const { sim, stack, via, part } = this.parts
    const { state } = this
    const { phase, lease } = state
    const mine = kind === 'RELEASE' || (kind === 'REQUEST' && (phase === 'renewing' || phase === 'rebinding'))
    const server =
      kind === 'REQUEST' ? (phase === 'requesting' ? state.server : 0) : kind === 'DISCOVER' ? 0 : (lease?.server ?? 0)
    const to = lease !== undefined && (kind === 'RELEASE' || (mine && phase === 'renewing')) ? lease.server : LIMITED_BROADCAST
    const template = this.templateFor(kind, !mine && ip !== 0, server !== 0)
    template.set(state.xid, false, mine ? ip : 0, 0, via.mac)
    template.ask(Math.min(0xffff, Math.floor((sim.now - state.startedAt) / SECOND)), ip, server)
    state.sent++
    this.tell(() => ({ kind: 'sent', message: kind, destination: formatIp(to), interval: Math.round(wait / SECOND) }))
    // Windows has no socket while it is bound, and RELEASE is sent from there.
    const passing = this.socket === undefined
    if (passing) this.open(0)
    const socket = this.socket
    if (socket !== undefined) {
      sendUdp(stack, socket, to, dhcp.SERVER_PORT, template.bytes, { via, source: mine ? ip : 0 })
    }
    if (passing) this.close()
    sim.touch(part)
  }

  tell(event: () => DhcpEvent): void {
    if (this.parts.listeners.size === 0) return
    const told = event()
    for (const listener of [...this.parts.listeners]) listener(told)
  }

  private templateFor(kind: Kind, requested: boolean, server: boolean): DhcpTemplate {
    const { options, via, stack } = this.parts
    if (this.templatesMac !== via.mac) {
      this.templates.clear()
      this.templatesMac = via.mac
    }
    const key = (TYPES[kind].data[0] << 2) | (requested ? 2 : 0) | (server ? 1 : 0)
    const known = this.templates.get(key)
    if (known !== undefined) return known
    const words = wordsOf({ dialect: options.dialect, hostname: options.hostname, mac: via.mac, machine: stack.machine })
    const own = [TYPES[kind], words.clientId]
    if (requested) own.push(dhcp.option.requestedAddress(0))
    if (server) own.push(dhcp.option.serverId(0))
    if (kind === 'DISCOVER') own.push(...words.discover)
    else if (kind === 'REQUEST') own.push(...words.request)
    const template = new DhcpTemplate(dhcp.BOOT_REQUEST, 0, own)
    this.templates.set(key, template)
    return template
  }
}
