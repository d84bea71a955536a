import type { TopologyLink, TopologyNode } from './layout.ts'

const systems: Record<string, string> = { 'windows-11': 'Windows 11', 'ubuntu-24.04': 'Ubuntu 24.04' }

export const kindWords: Record<TopologyNode['kind'], string> = {
  computer: 'Computer',
  guest: 'Guest',
  router: 'Router',
  server: 'Server',
  switch: 'Switch',
  'access-point': 'Wi-Fi',
  'virtual-switch': 'Virtual switch',
}

export const systemWord = (node: TopologyNode) => systems[node.os] ?? kindWords[node.kind]

const down: Record<TopologyLink['kind'], string> = {
  cable: 'unplugged',
  radio: 'not joined',
  vmbus: 'not connected',
  tunnel: 'not connected',
}

/** What is written on a link: nothing while it is as it should be. */
export function linkText(link: TopologyLink): string {
  if (!link.up) return down[link.kind]
  return link.kind === 'radio' ? 'Wi-Fi' : link.kind === 'tunnel' ? 'VPN' : ''
}

/** `Ethernet 192.168.3.50/24` in its two parts; the name may have spaces. */
export function splitAddress(line: string): readonly [name: string, address: string] {
  const at = line.lastIndexOf(' ')
  return at < 0 ? ['', line] : [line.slice(0, at), line.slice(at + 1)]
}
