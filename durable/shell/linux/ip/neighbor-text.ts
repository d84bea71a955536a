import type { NeighborView } from '../../../engine/machine/views.ts'
import { linuxMac } from '../format.ts'

/** `device` empty: every line is about the same one. */
export function neighborLine({ address, mac, isRouter, state }: NeighborView, device: string, statistics = ''): string {
  const words = [
    address,
    device === '' ? '' : `dev ${device}`,
    mac === '' ? '' : `lladdr ${linuxMac(mac)}`,
    isRouter ? 'router' : '',
  ]
  return `${words.filter((word) => word !== '').join(' ')} ${statistics}${stateName(state)} `
}

export const stateName = (state: NeighborView['state']): string => (state === 'unreachable' ? 'FAILED' : state.toUpperCase())

type Ages = { readonly used: number; readonly confirmed: number; readonly updated: number }

/** Seconds since. */
function agesOf({ used = 0, confirmed = 0, updated = 0 }: NeighborView, now: number): Ages {
  const ago = (at: number): number => Math.max(0, Math.floor((now - at) / 1_000_000))
  return { used: ago(used), confirmed: ago(confirmed), updated: ago(updated) }
}

/** What `-s` adds: references (an entry that is held by nothing has none), seconds since it was used, confirmed and changed, and how often it was asked for. */
export function statisticsJson(
  neighbor: NeighborView,
  now: number,
): Ages & { readonly refcnt?: number; readonly probes: number } {
  const held = neighbor.state !== 'permanent' && neighbor.state !== 'unreachable'
  return { ...(held ? { refcnt: 1 } : {}), ...agesOf(neighbor, now), probes: neighbor.probes ?? 0 }
}

export function statisticsText(neighbor: NeighborView, now: number): string {
  const { refcnt, used, confirmed, updated, probes } = statisticsJson(neighbor, now)
  return `${refcnt === undefined ? '' : ` ref ${refcnt}`} used ${used}/${confirmed}/${updated}probes ${probes} `
}
