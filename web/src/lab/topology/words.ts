import type { TopologyLink, TopologyNode } from './layout.ts'

export const kindWords: Record<TopologyNode['kind'], string> = {
  computer: 'Computer',
  guest: 'Guest',
  router: 'Router',
  server: 'Server',
  switch: 'Switch',
  'access-point': 'Wi-Fi',
  'virtual-switch': 'Virtual switch',
  real: 'Real machine',
}

/** `Ubuntu` of `Ubuntu 24.04`: the drawing has little room, the terminal tells the rest. */
export const systemWord = (node: TopologyNode) => (node.os === '' ? kindWords[node.kind] : node.os.replace(/ \d+\.\d+$/, ''))

const down: Record<TopologyLink['kind'], string> = {
  cable: 'unplugged',
  radio: 'not joined',
  vmbus: 'not connected',
  tunnel: 'not connected',
}

/** One line under the name of a machine: an adapter and its address, or why it has no link. */
export type Line = { readonly name: string; readonly text: string; readonly down: boolean }

/** `Ethernet 192.168.3.50/24` in its two parts; the name may have spaces. */
export function splitAddress(line: string): readonly [name: string, address: string] {
  const at = line.lastIndexOf(' ')
  return at < 0 ? ['', line] : [line.slice(0, at), line.slice(at + 1)]
}

const SHOWN = 6
const switching = new Set<TopologyNode['kind']>(['switch', 'access-point', 'virtual-switch'])

export function linesOf(node: TopologyNode, links: readonly TopologyLink[]): Line[] {
  const lines = node.addresses.map((one): Line => {
    const [name, text] = splitAddress(one)
    return { name, text, down: false }
  })
  if (node.power === 'on' && !switching.has(node.kind)) lines.push(...downLines(node, links))
  if (lines.length <= SHOWN) return lines
  return [...lines.slice(0, SHOWN - 1), { name: '', text: `and ${lines.length - SHOWN + 1} more`, down: false }]
}

/** A radio may reach several networks; it is without one only when it has joined none. */
function downLines(node: TopologyNode, links: readonly TopologyLink[]): Line[] {
  const ports = new Map<string, { readonly kind: TopologyLink['kind']; readonly up: boolean }>()
  for (const link of links) {
    const port = link.a === node.name ? link.aPort : link.b === node.name ? link.bPort : null
    if (port === null || port === '' || link.kind === 'tunnel') continue
    ports.set(port, { kind: link.kind, up: link.up || ports.get(port)?.up === true })
  }
  return [...ports].filter(([, port]) => !port.up).map(([name, port]) => ({ name, text: down[port.kind], down: true }))
}

const media: Record<TopologyLink['kind'], string> = { cable: 'Cable', radio: 'Wi-Fi', vmbus: 'Virtual cable', tunnel: 'VPN' }

/** `Cable from LABHOST (Ethernet) to Home network`. */
export function linkName(link: TopologyLink, labels: ReadonlyMap<string, string>): string {
  const end = (name: string, port: string) =>
    `${labels.get(name) ?? name}${port === '' || /^\d+$/.test(port) ? '' : ` (${port})`}`
  return `${media[link.kind]} from ${end(link.a, link.aPort)} to ${end(link.b, link.bPort)}`
}

export const linkState = (link: TopologyLink) => (link.up ? (link.kind === 'radio' ? 'joined' : 'plugged in') : down[link.kind])
