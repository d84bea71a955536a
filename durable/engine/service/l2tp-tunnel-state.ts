import { loadTime, type Micros, NEVER, storeTime } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { type ControlState, loadControl, newControl, type StoredControl, storeControl } from './l2tp-control.ts'
import { newPpp, type PppState } from './l2tp-ppp.ts'

/** `connecting`: the tunnel; `calling`: the session in it. */
export type TunnelPhase = 'connecting' | 'calling' | 'session' | 'closing' | 'closed'

export type TunnelState = {
  readonly peer: Ip4
  readonly peerPort: number
  readonly localTunnel: number
  readonly localSession: number
  remoteSession: number
  phase: TunnelPhase
  helloAt: Micros
  /** A closed tunnel goes on acknowledging until then (RFC 2661 section 5.7). */
  lingerAt: Micros
  readonly origin: number
  readonly control: ControlState
  readonly ppp: PppState
}

export type StoredTunnel = Omit<TunnelState, 'control' | 'ppp' | 'helloAt' | 'lingerAt'> & {
  readonly helloAt: number | null
  readonly lingerAt: number | null
  readonly control: StoredControl
  readonly ppp: Omit<PppState, 'due'> & { readonly due: number | null }
}

type NewTunnel = {
  readonly peer: Ip4
  readonly peerPort: number
  readonly localTunnel: number
  readonly localSession: number
  readonly magic: number
  readonly origin: number
  readonly address: Ip4
  readonly peerAddress: Ip4
}

export const newTunnel = ({ address, peerAddress, magic, ...rest }: NewTunnel): TunnelState => ({
  ...rest,
  remoteSession: 0,
  phase: 'connecting',
  helloAt: NEVER,
  lingerAt: NEVER,
  control: newControl(),
  ppp: newPpp(magic, address, peerAddress),
})

export const storeTunnel = (state: TunnelState): StoredTunnel => ({
  ...state,
  helloAt: storeTime(state.helloAt),
  lingerAt: storeTime(state.lingerAt),
  control: storeControl(state.control),
  ppp: { ...state.ppp, dns: [...state.ppp.dns], rejected: [...state.ppp.rejected], due: storeTime(state.ppp.due) },
})

export const loadTunnel = (stored: StoredTunnel): TunnelState => ({
  ...stored,
  helloAt: loadTime(stored.helloAt),
  lingerAt: loadTime(stored.lingerAt),
  control: loadControl(stored.control),
  ppp: { ...stored.ppp, dns: [...stored.ppp.dns], rejected: [...stored.ppp.rejected], due: loadTime(stored.ppp.due) },
})
