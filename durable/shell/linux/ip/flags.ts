import type { InterfaceView } from '../../../engine/machine/views.ts'
import { linuxMac } from '../format.ts'

// How iproute2 words the state of a link.

export function linkFlags(link: InterfaceView): string {
  const flags: string[] = []
  const running = link.enabled && link.up
  if (link.enabled && !link.up) flags.push('NO-CARRIER')
  if (link.kind === 'loopback') flags.push('LOOPBACK')
  else if (link.kind === 'ppp') flags.push('POINTOPOINT', 'MULTICAST', 'NOARP')
  else flags.push('BROADCAST', 'MULTICAST')
  if (link.enabled) flags.push('UP')
  if (running) flags.push('LOWER_UP')
  return `<${flags.join(',')}>`
}

/** RFC 2863 operational state; drivers that do not tell are UNKNOWN. */
export function linkState(link: InterfaceView): string {
  if (!link.enabled || !link.up) return 'DOWN'
  return link.kind === 'loopback' || link.kind === 'ppp' ? 'UNKNOWN' : 'UP'
}

export function queueing(link: InterfaceView): string {
  switch (link.kind) {
    case 'loopback':
    case 'virtual':
      return 'noqueue'
    case 'ppp':
      return 'fq_codel'
    case 'ethernet':
    case 'wifi':
      return 'mq'
    default:
      link.kind satisfies never
      return 'mq'
  }
}

export const queueLength = (link: InterfaceView): number => (link.kind === 'ppp' ? 3 : 1000)

export function hardwareLine(link: InterfaceView): string {
  if (link.kind === 'loopback') return 'link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00'
  if (link.kind === 'ppp') return 'link/ppp '
  return `link/ether ${linuxMac(link.mac)} brd ff:ff:ff:ff:ff:ff`
}
