import type { NeighborView } from '../../../engine/machine/views.ts'
import { linuxMac } from '../format.ts'

/** `device` empty: every line is about the same one. */
export function neighborLine({ address, mac, isRouter, state }: NeighborView, device: string): string {
  const words = [
    address,
    device === '' ? '' : `dev ${device}`,
    mac === '' ? '' : `lladdr ${linuxMac(mac)}`,
    isRouter ? 'router' : '',
  ]
  return `${words.filter((word) => word !== '').join(' ')} ${stateName(state)} `
}

export const stateName = (state: NeighborView['state']): string => (state === 'unreachable' ? 'FAILED' : state.toUpperCase())
