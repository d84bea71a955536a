import type { ClockState } from '../../../../durable/protocol.ts'
import type { ToldClock } from '../lab-state.ts'

/** A page that hears nothing for so long stops guessing: nobody may be watching, or the lab stands. */
const GUESS_MS = 2_000

export const ticks = ({ mode, running }: ClockState) => mode === 'live' && running

/** Lab time at a moment of this page's clock: between two messages of a running lab it goes on at the lab's speed. */
export function timeAt({ state, heard }: ToldClock, nowMs: number): number {
  if (!ticks(state)) return state.now
  return state.now + Math.round(Math.min(Math.max(nowMs - heard, 0), GUESS_MS) * 1_000 * state.speed)
}

export const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 100, 300, 1_000]

/** The speeds on offer, with the one that the lab has even if somebody chose another by hand. */
export const speedsWith = (speed: number): readonly number[] =>
  speeds.includes(speed) ? speeds : [...speeds, speed].sort((a, b) => a - b)

export const speedText = (speed: number) => `${speed >= 1_000 ? '1,000' : speed}×`

export type NextKind = Exclude<keyof ClockState['next'], 'event'>

export const nextWords: Record<NextKind, string> = {
  'lease-renewal': 'lease renewal',
  'lease-expiry': 'lease expiry',
  'arp-expiry': 'ARP expiry',
  'nat-expiry': 'NAT expiry',
  'dns-expiry': 'DNS expiry',
}

/** How far away the next event of each kind is, nearest first; those of which none is due at the end. */
export function distances(state: ClockState, now: number): { readonly kind: NextKind; readonly away: number | null }[] {
  const all = (Object.keys(nextWords) as NextKind[]).map((kind) => {
    const at = state.next[kind] ?? null
    return { kind, away: at === null ? null : Math.max(0, at - now) }
  })
  return all.sort((a, b) => (a.away ?? Number.POSITIVE_INFINITY) - (b.away ?? Number.POSITIVE_INFINITY) || 0)
}
