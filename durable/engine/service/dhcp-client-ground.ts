// What the DHCP client's state machine stands on: phases, the address on the interface, the way back to none.
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatIp } from '../wire/addresses.ts'
import { addAutoconfigured } from './dhcp-autoconf.ts'
import { type ClientState, holds, type Phase } from './dhcp-client-state.ts'
import { type ClientParts, ClientVoice } from './dhcp-client-voice.ts'
import { applyLease, type Lease, removeLease } from './dhcp-lease.ts'

export class ClientGround {
  readonly state: ClientState
  protected readonly voice: ClientVoice
  protected readonly parts: ClientParts
  protected readonly windows: boolean

  constructor(parts: ClientParts, state: ClientState) {
    this.parts = parts
    this.state = state
    this.voice = new ClientVoice(parts, state)
    this.windows = parts.options.dialect === 'windows'
  }

  /** Windows has settled with an address of its own, Linux once it has looked for a server for one cycle. */
  get transient(): boolean {
    const { phase, autoconfigured, cycle } = this.state
    switch (phase) {
      case 'selecting':
      case 'requesting':
      case 'init-reboot':
      case 'checking-gateway':
      case 'waiting':
        return this.windows ? autoconfigured === 0 : cycle === 0
      default:
        return false
    }
  }

  protected get manualDns(): boolean {
    return this.parts.options.manualDns?.() ?? false
  }

  /** The address is ours: from here on it is used, and whoever waits is told. */
  protected usable(lease: Lease): void {
    const { sim, stack, via } = this.parts
    applyLease(stack, via, lease, !this.windows, this.manualDns)
    sim.touch(this.parts.part)
    const renewSeconds = lease.renewAt === NEVER ? 0 : Math.max(0, Math.floor((lease.renewAt - sim.now) / SECOND))
    this.voice.tell(() => ({ kind: 'bound', address: formatIp(lease.ip), server: formatIp(lease.server), renewSeconds }))
  }

  protected autoconfigure(): void {
    const { state, parts } = this
    state.autoconfigured = addAutoconfigured(parts.stack, parts.via, state.draws)
    parts.sim.touch(parts.part)
  }

  protected dropAutoconfigured(): void {
    const { state, parts } = this
    if (state.autoconfigured === 0) return
    parts.stack.removeAddress(parts.via, state.autoconfigured)
    state.autoconfigured = 0
  }

  /** Takes the address of the lease off the interface, with all that came with it. */
  protected unconfigure(): void {
    const { state, parts } = this
    if (state.lease === undefined || !holds(state.phase)) return
    removeLease(parts.stack, parts.via, state.lease.ip, this.manualDns)
    state.settling = false
  }

  protected enter(phase: Phase, due: Micros): void {
    const { state, parts } = this
    state.phase = phase
    state.due = due
    state.sent = 0
    this.voice.openFor(phase)
    parts.sim.touch(parts.part)
  }
}
