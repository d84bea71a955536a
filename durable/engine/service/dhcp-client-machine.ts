// The state machine of a DHCP client (RFC 2131 section 4.4, figure 5), Windows' way and Linux' way (fact sheet 4.1).
import type { Address } from '../ip/interface.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatIp, type Mac } from '../wire/addresses.ts'
import { ClientGround } from './dhcp-client-ground.ts'
import { holds } from './dhcp-client-state.ts'
import {
  AUTOCONFIGURE_AFTER,
  CYCLE,
  cycleOver,
  MIN_RENEW_INTERVAL,
  REBOOT_TRIES,
  REQUEST_TRIES,
  RESTART_DELAY,
} from './dhcp-dialect.ts'
import type { DhcpFields } from './dhcp-fields.ts'
import { type Lease, leaseOf } from './dhcp-lease.ts'

/** Requests to the old server alone before a renewal that a person asked for goes to everybody. */
const ASKED_TRIES = 2

/** Three requests for the old gateway's link address, a second apart, and one more second for the last answer. */
const GATEWAY_CHECKS = 4

export class ClientMachine extends ClientGround {
  // From outside

  begin(): void {
    const { state, parts } = this
    state.origin = parts.sim.origin
    state.cycle = 0
    if (!parts.via.up) return this.enter('no-link', NEVER)
    if (state.lease !== undefined && state.lease.expiresAt <= parts.sim.now) state.lease = undefined
    if (state.lease === undefined) return this.discover()
    this.voice.newExchange()
    this.enter('init-reboot', NEVER)
    this.request()
  }

  halt(phase: 'stopped' | 'no-link' | 'released'): void {
    this.unconfigure()
    this.dropAutoconfigured()
    this.state.autoconfigureAt = NEVER
    this.state.asked = false
    this.enter(phase, NEVER)
  }

  release(): boolean {
    const { lease, phase } = this.state
    if (lease === undefined || !holds(phase)) return false
    this.state.origin = this.parts.sim.origin
    this.voice.newExchange()
    this.voice.send('RELEASE', lease.ip, 0)
    this.halt('released')
    this.state.lease = undefined
    this.voice.tell(() => ({ kind: 'released', address: formatIp(lease.ip), server: formatIp(lease.server) }))
    return true
  }

  renew(): void {
    const { state } = this
    if (state.phase === 'stopped') return
    state.origin = this.parts.sim.origin
    const { lease } = state
    // Somebody has taken the address off the interface: answers to it would not arrive, and dhclient knows nothing of it.
    const taken = holds(state.phase) && lease !== undefined && !this.parts.via.addresses.some(({ ip }) => ip === lease.ip)
    if (taken) {
      this.unconfigure()
      state.lease = undefined
    }
    if (taken || !holds(state.phase)) {
      state.cycle = 0
      return this.discover()
    }
    state.asked = true
    this.voice.newExchange()
    if (state.phase !== 'rebinding') this.enter('renewing', NEVER)
    this.request()
  }

  /** Duplicate address detection of the stack has ended. */
  settled(address: Address, owner: Mac): void {
    const { state, parts } = this
    if (address.ip === state.autoconfigured) {
      if (owner === 0) return
      this.dropAutoconfigured()
      state.draws++
      this.autoconfigure()
      return
    }
    if (!state.settling || state.lease === undefined || address.ip !== state.lease.ip) return
    state.settling = false
    if (owner === 0) return this.usable(state.lease)
    parts.sim.origin = state.origin
    this.voice.newExchange()
    this.voice.send('DECLINE', address.ip, RESTART_DELAY)
    this.unconfigure()
    state.lease = undefined
    this.enter('waiting', parts.sim.now + RESTART_DELAY)
  }

  /** Answers why the message is passed over, or ''. */
  receive(kind: 'OFFER' | 'ACK' | 'NAK', message: DhcpFields): string {
    const { state, parts } = this
    const server = message.serverId ?? 0
    if (kind === 'OFFER') {
      if (state.phase !== 'selecting') return 'no offer is waited for'
      if (message.yiaddr === 0 || server === 0) return 'it offers nothing'
    } else if (state.phase !== 'requesting' && state.phase !== 'init-reboot' && !this.renewing) return 'nothing was asked for'
    else if (state.phase === 'requesting' && server !== state.server) return 'another server was chosen'
    const lease = kind === 'ACK' ? leaseOf(message, parts.sim.now) : undefined
    if (typeof lease === 'string') return lease
    this.voice.tell(() => ({ kind: 'received', message: kind, address: formatIp(message.yiaddr), server: formatIp(server) }))
    if (lease !== undefined) this.bind(lease)
    else if (kind === 'OFFER') this.choose(message.yiaddr, server)
    else this.refused()
    return ''
  }

  private get renewing(): boolean {
    return this.state.phase === 'renewing' || this.state.phase === 'rebinding'
  }

  private choose(ip: number, server: number): void {
    this.state.offered = ip
    this.state.server = server
    this.state.autoconfigureAt = NEVER
    this.enter('requesting', NEVER)
    this.request()
  }

  private refused(): void {
    const { state, parts } = this
    const chosen = state.phase === 'requesting'
    this.unconfigure()
    state.lease = undefined
    // A server that takes its own offer back would be asked for ever without a pause.
    if (chosen) this.enter('waiting', parts.sim.now + RESTART_DELAY)
    else this.discover()
  }

  private bind(lease: Lease): void {
    const { state, parts } = this
    const { stack, via } = parts
    const held = holds(state.phase) ? state.lease : undefined
    if (held !== undefined && held.ip !== lease.ip) this.unconfigure()
    this.dropAutoconfigured()
    state.autoconfigureAt = NEVER
    state.lease = lease
    state.cycle = 0
    state.asked = false
    this.enter('bound', lease.renewAt)
    let address = via.addresses.find((a) => a.ip === lease.ip)
    if (address === undefined) address = stack.addAddress(via, lease.ip, lease.prefixLength, 'dhcp', lease.expiresAt)
    else address.validUntil = lease.expiresAt
    state.settling = address.state === 'tentative'
    if (!state.settling) this.usable(lease)
  }

  // Time

  poll(now: Micros): void {
    const { state, parts } = this
    parts.sim.origin = state.origin
    if (state.autoconfigureAt <= now) {
      state.autoconfigureAt = NEVER
      this.autoconfigure()
    }
    if (state.due > now) return
    switch (state.phase) {
      case 'selecting':
        if (cycleOver(this.parts.options.dialect, state.sent, state.cycleAt, now)) this.rest(now)
        else this.ask()
        break
      case 'resting':
        state.origin = parts.sim.origin = 0
        this.discover()
        break
      case 'waiting':
        this.discover()
        break
      case 'requesting':
        if (state.sent < REQUEST_TRIES) this.request()
        else this.discover()
        break
      case 'init-reboot':
        if (state.sent < REBOOT_TRIES) this.request()
        else this.rebootUnanswered()
        break
      case 'checking-gateway':
        this.checkGateway(now)
        break
      case 'bound':
        // A lease that is renewed on time is no longer the doing of the command that began it.
        state.origin = parts.sim.origin = 0
        this.voice.newExchange()
        this.enter('renewing', NEVER)
        this.request()
        break
      case 'renewing':
      case 'rebinding':
        this.renewUnanswered(now)
        break
      case 'stopped':
      case 'no-link':
      case 'released':
        state.due = NEVER
        break
      default:
        state.phase satisfies never
    }
  }

  private discover(): void {
    const { state, parts } = this
    this.voice.newExchange()
    state.cycleAt = parts.sim.now
    this.enter('selecting', NEVER)
    if (this.windows && state.autoconfigured === 0) state.autoconfigureAt = parts.sim.now + AUTOCONFIGURE_AFTER
    this.ask()
  }

  private ask(): void {
    const { state, parts } = this
    const wait = this.voice.nextWait()
    state.due = parts.sim.now + wait
    this.voice.send('DISCOVER', state.lease?.ip ?? 0, wait)
    parts.sim.touch(parts.part)
  }

  private rest(now: Micros): void {
    this.state.cycle++
    this.enter('resting', Math.max(now + SECOND, this.state.cycleAt + CYCLE))
    this.voice.tell(() => ({ kind: 'failed', reason: 'timeout' }))
  }

  private request(): void {
    const { state, parts } = this
    const now = parts.sim.now
    const lease = state.lease
    let wait = this.voice.nextWait()
    if (lease !== undefined && this.renewing) {
      const limit = state.phase === 'renewing' ? lease.rebindAt : lease.expiresAt
      if (!state.asked) wait = Math.max(MIN_RENEW_INTERVAL, Math.floor((limit - now) / 2))
      if (now + wait > limit) wait = Math.max(0, limit - now)
    }
    state.due = now + wait
    this.voice.send('REQUEST', state.phase === 'requesting' ? state.offered : (lease?.ip ?? 0), wait)
    parts.sim.touch(parts.part)
  }

  private renewUnanswered(now: Micros): void {
    const { state } = this
    const lease = state.lease as Lease
    if (now >= lease.expiresAt) {
      this.unconfigure()
      state.lease = undefined
      return this.discover()
    }
    // A person asked: there is no point in waiting for T2 before all servers are asked.
    if (state.asked && state.phase === 'renewing' && state.sent >= ASKED_TRIES) this.enter('rebinding', NEVER)
    else if (state.asked && state.sent >= REQUEST_TRIES) {
      state.asked = false
      this.voice.tell(() => ({ kind: 'failed', reason: 'timeout' }))
      if (now < lease.renewAt) return this.enter('bound', lease.renewAt)
    }
    if (state.phase === 'renewing' && now >= lease.rebindAt) this.enter('rebinding', NEVER)
    this.request()
  }

  /** Fact sheet 4.1: nobody answers for the old address. Windows looks whether its old gateway is there. */
  private rebootUnanswered(): void {
    const { state, parts } = this
    const gateway = state.lease?.routers[0] ?? 0
    if (!this.windows || gateway === 0) return this.discover()
    const neighbors = parts.via.neighbors
    neighbors.delete(gateway)
    neighbors.add(gateway, 'incomplete', 0, parts.sim.now).due = parts.sim.now
    neighbors.rearm()
    parts.sim.touch(parts.stack)
    this.enter('checking-gateway', parts.sim.now + SECOND)
  }

  private checkGateway(now: Micros): void {
    const { state, parts } = this
    const lease = state.lease as Lease
    const entry = parts.via.neighbors.get(lease.routers[0])
    if (entry?.state === 'reachable') return this.bind(lease)
    state.sent++
    state.due = now + SECOND
    if (state.sent < GATEWAY_CHECKS) return
    this.discover()
    state.autoconfigureAt = NEVER
    this.autoconfigure()
  }
}
