// A DHCP client (RFC 2131 section 4.4). This file holds the part and what comes from outside: power, link, commands, frames;
// dhcp-client-machine.ts is what it does about it.
import type { Datagram, DatagramOwner, StackWatcher, UdpSocket } from '../ip/hooks.ts'
import type { Address, Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import { formatIp, type Ip4, type Mac } from '../wire/addresses.ts'
import * as dhcp from '../wire/dhcp.ts'
import { ClientMachine } from './dhcp-client-machine.ts'
import { holds, loadState, newState, report, type StoredClientState, storeState } from './dhcp-client-state.ts'
import type { Dialect } from './dhcp-dialect.ts'
import type { DhcpEvent, LeaseReport } from './dhcp-events.ts'
import { DhcpFields } from './dhcp-fields.ts'

export type { DhcpEvent, LeaseReport } from './dhcp-events.ts'

export type DhcpClientOptions = {
  readonly hostname: string
  readonly dialect: Dialect
  /** DNS servers of this interface were set by hand: those of the lease are not used. */
  readonly manualDns?: () => boolean
}

export class DhcpClient implements Part, DatagramOwner, StackWatcher {
  readonly kind = 'dhcp-client'
  readonly version = 1
  readonly name: string
  readonly via: Interface
  /** Not stored: whoever listens subscribes again when it is restored. */
  readonly listeners = new Set<(event: DhcpEvent) => void>()
  private readonly machine: ClientMachine
  private readonly stack: Stack
  private readonly message = new DhcpFields()

  constructor(sim: Simulation, stack: Stack, via: Interface, options: DhcpClientOptions, state?: StoredClientState) {
    this.stack = stack
    this.via = via
    this.name = `${stack.machine}/dhcp-client/${via.name}`
    this.machine = new ClientMachine(
      { sim, stack, via, options, part: this, listeners: this.listeners },
      state ? loadState(state) : newState(),
    )
    stack.watchers.push(this)
  }

  // Power, link and commands

  /** Power on. A lease that has not run out is asked for again. */
  start(): void {
    if (this.machine.state.phase === 'stopped') this.machine.begin()
  }

  /** Power off. The lease is remembered. */
  stop(): void {
    this.machine.halt('stopped')
  }

  /** Its adapter is being taken out of the computer. */
  close(): void {
    this.machine.halt('stopped')
    this.stack.watchers.splice(this.stack.watchers.indexOf(this), 1)
  }

  linkChanged(via: Interface, up: boolean): void {
    const { phase } = this.machine.state
    if (via !== this.via || phase === 'stopped') return
    if (!up) this.machine.halt('no-link')
    else if (phase === 'no-link') this.machine.begin()
  }

  /** False when there was nothing to release. */
  release(): boolean {
    return this.machine.release()
  }

  renew(): 'started' | 'media-disconnected' {
    if (!this.via.up) return 'media-disconnected'
    this.machine.renew()
    return 'started'
  }

  addressSettled(via: Interface, address: Address, owner: Mac): void {
    if (via === this.via) this.machine.settled(address, owner)
  }

  view(): LeaseReport {
    return report(this.machine.state)
  }

  /** DNS servers of the lease held, for whoever takes manual ones off again. */
  get leasedDns(): readonly Ip4[] {
    const { phase, lease } = this.machine.state
    return holds(phase) ? (lease?.dns ?? []) : []
  }

  // Frames

  datagram(_socket: UdpSocket, { payload }: Datagram): void {
    const { message } = this
    const malformed = message.read(payload)
    if (malformed !== '') return this.stack.drop('malformed', malformed)
    const { state } = this.machine
    if (message.op !== dhcp.BOOT_REPLY || message.xid !== state.xid || message.chaddr !== this.via.mac) {
      return this.stack.drop('ignored', 'DHCP: another client’s transaction')
    }
    const type = message.messageType
    const known = type === dhcp.OFFER ? 'OFFER' : type === dhcp.ACK ? 'ACK' : type === dhcp.NAK ? 'NAK' : undefined
    if (known === undefined) return this.stack.drop('ignored', 'DHCP: not an answer')
    const refused = this.machine.receive(known, message)
    if (refused !== '') this.stack.drop('ignored', `DHCP: ${known} of ${formatIp(message.serverId ?? 0)}: ${refused}`)
  }

  // Part

  pollAt(): Micros {
    const { due, autoconfigureAt } = this.machine.state
    return due < autoconfigureAt ? due : autoconfigureAt
  }

  /** A server that never answers must not keep the lab from settling: see `ClientMachine.transient`. */
  transientAt(): Micros {
    return this.machine.transient ? this.pollAt() : NEVER
  }

  poll(now: Micros): void {
    this.machine.poll(now)
  }

  save(): StoredClientState & Json {
    return storeState(this.machine.state)
  }
}
