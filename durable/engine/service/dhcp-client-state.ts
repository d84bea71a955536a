import { loadTime, type Micros, NEVER, storeTime } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { formatIp } from '../wire/addresses.ts'
import type { LeaseReport, LeaseState } from './dhcp-events.ts'
import { type Lease, loadLease, type StoredLease, storeLease } from './dhcp-lease.ts'

/**
 * The states of RFC 2131 figure 5, and the pauses between: `no-link` (media disconnected), `released` (by command),
 * `checking-gateway` (is the network still the old one?), `waiting` (after DECLINE), `resting` (between cycles of discovery).
 */
export type Phase =
  | 'stopped'
  | 'no-link'
  | 'released'
  | 'selecting'
  | 'requesting'
  | 'init-reboot'
  | 'checking-gateway'
  | 'bound'
  | 'renewing'
  | 'rebinding'
  | 'waiting'
  | 'resting'

export type ClientState = {
  phase: Phase
  /** What is held, or, before BOUND, what is remembered from the last time. */
  lease: Lease | undefined
  /** Chosen in SELECTING. */
  offered: Ip4
  server: Ip4
  xid: number
  /** Messages sent, or checks made, in this phase. */
  sent: number
  due: Micros
  /** When the exchange (for `secs`) and this cycle of discovery began. */
  startedAt: Micros
  cycleAt: Micros
  /** Cycles of discovery that came to nothing. */
  cycle: number
  /** Somebody asked for this renewal: it is tried quickly and reported. */
  asked: boolean
  /** The address of the lease is being probed for. */
  settling: boolean
  autoconfigured: Ip4
  autoconfigureAt: Micros
  draws: number
  random: number
  /** The command that set the exchange off. */
  origin: number
}

export type StoredClientState = Omit<ClientState, 'lease' | 'due' | 'autoconfigureAt'> & {
  readonly lease: StoredLease | null
  readonly due: number | null
  readonly autoconfigureAt: number | null
}

export const newState = (): ClientState => ({
  phase: 'stopped',
  lease: undefined,
  offered: 0,
  server: 0,
  xid: 0,
  sent: 0,
  due: NEVER,
  startedAt: 0,
  cycleAt: 0,
  cycle: 0,
  asked: false,
  settling: false,
  autoconfigured: 0,
  autoconfigureAt: NEVER,
  draws: 0,
  random: 0,
  origin: 0,
})

export const storeState = (state: ClientState): StoredClientState => ({
  ...state,
  lease: state.lease === undefined ? null : storeLease(state.lease),
  due: storeTime(state.due),
  autoconfigureAt: storeTime(state.autoconfigureAt),
})

export const loadState = (stored: StoredClientState): ClientState => ({
  ...stored,
  lease: stored.lease === null ? undefined : loadLease(stored.lease),
  due: loadTime(stored.due),
  autoconfigureAt: loadTime(stored.autoconfigureAt),
})

export const holds = (phase: Phase): boolean => phase === 'bound' || phase === 'renewing' || phase === 'rebinding'

export function shownState({ phase, autoconfigured }: ClientState): LeaseState {
  switch (phase) {
    case 'bound':
    case 'renewing':
    case 'rebinding':
      return phase
    case 'stopped':
    case 'no-link':
    case 'released':
      return 'init'
    case 'waiting':
    case 'resting':
      return autoconfigured === 0 ? 'init' : 'autoconfigured'
    case 'selecting':
    case 'requesting':
    case 'init-reboot':
      return autoconfigured === 0 ? phase : 'autoconfigured'
    case 'checking-gateway':
      return 'init-reboot'
    default:
      return phase satisfies never
  }
}

export function report(state: ClientState): LeaseReport {
  const lease = holds(state.phase) ? state.lease : undefined
  return {
    state: shownState(state),
    server: lease === undefined ? '' : formatIp(lease.server),
    obtainedAt: lease?.obtainedAt ?? null,
    renewAt: lease === undefined ? null : storeTime(lease.renewAt),
    rebindAt: lease === undefined ? null : storeTime(lease.rebindAt),
    expiresAt: lease === undefined ? null : storeTime(lease.expiresAt),
  }
}
