import type { InterfaceView } from '../../../../engine/machine/views.ts'
import { COOKED2, ETHERNET, type LinkLayer, RAW_IP } from '../../../../engine/wire/pcap-filter/index.ts'
import type { Io } from '../../io.ts'
import { listedInterfaces } from '../../links.ts'

/** As libpcap sorts them: interfaces that are up and running first, the loopback last of those, `any` behind the first. */
export function deviceList(io: Io): string {
  const links = [...listedInterfaces(io)].sort((a, b) => rank(a) - rank(b))
  const lines = links.map((link) => `${link.name} [${stateText(link)}]`)
  const any = 'any (Pseudo-device that captures on all interfaces) [Up, Running]'
  const up = links.findIndex((link) => link.kind === 'loopback' || !link.up)
  lines.splice(up < 0 ? lines.length : up, 0, any)
  return lines.map((line, i) => `${i + 1}.${line}\n`).join('')
}

const rank = (link: InterfaceView): number => (link.up ? 0 : 2) + (link.kind === 'loopback' ? 1 : 0)

function stateText(link: InterfaceView): string {
  if (link.kind === 'loopback') return 'Up, Running, Loopback'
  if (!link.enabled) return 'none, Disconnected'
  const wireless = link.kind === 'wifi' ? ', Wireless' : ''
  return link.up ? `Up, Running${wireless}, ${link.kind === 'wifi' ? 'Associated' : 'Connected'}` : `Up${wireless}, Disconnected`
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'EN10MB (Ethernet)'],
  [101, 'RAW (Raw IP)'],
  [276, 'LINUX_SLL2 (Linux cooked v2)'],
])

export const linkTypeName = (type: number): string => NAMES.get(type) ?? `${type}`

export const linkOf = (link: InterfaceView | undefined): LinkLayer =>
  link === undefined ? COOKED2 : link.kind === 'ppp' ? RAW_IP : ETHERNET
