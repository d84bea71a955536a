import type { InterfaceView } from '../../../engine/machine/views.ts'
import { columns } from '../format.ts'
import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { interfaceNamed, listedInterfaces } from '../links.ts'
import { renewSilently } from './dhclient.ts'

export const networkctl: Command = {
  name: 'networkctl',
  summary: 'links of systemd-networkd; renew asks for the lease again',
  usage: 'networkctl [list]\nnetworkctl renew LINK...',
  completions: ['list', 'renew'],
  run: runNetworkctl,
}

const REAL = ['status', 'lldp', 'label', 'delete', 'up', 'down', 'forcerenew', 'reconfigure', 'reload', 'edit', 'cat']

function* runNetworkctl(args: readonly string[], io: Io): Run {
  const [verb = 'list', ...names] = args
  if (verb.startsWith('-')) {
    io.err(notSimulated(`networkctl: option ${verb}`))
    return 1
  }
  if (verb === 'list') return list(io)
  if (verb !== 'renew') {
    io.err(REAL.includes(verb) ? notSimulated(`networkctl ${verb}`) : `Unknown command verb ${verb}.\n`)
    return 1
  }
  if (names.length === 0) {
    io.err('Too few arguments.\n')
    return 1
  }
  for (const name of names) {
    const link = interfaceNamed(io, name)
    if (!link) {
      io.err(`Failed to resolve interface "${name}": No such device\n`)
      return 1
    }
    const fault = link.dhcp ? yield* renewSilently(io, link.index) : 'not-dhcp'
    if (fault === 'not-dhcp') {
      io.err(`Failed to renew dynamic configuration of interface ${name}: Interface ${name} is not managed by systemd-networkd\n`)
      return 1
    }
  }
  return 0
}

function list(io: Io): number {
  const links = listedInterfaces(io)
  const rows = links.map((link) => [
    String(link.index),
    link.name,
    typeOf(link),
    operational(link),
    link.kind === 'loopback' ? 'unmanaged' : 'configured',
  ])
  for (const line of columns([['IDX', 'LINK', 'TYPE', 'OPERATIONAL', 'SETUP'], ...rows], 1, [0])) io.out(`${line}\n`)
  io.out(`\n${links.length} links listed.\n`)
  return 0
}

const typeOf = (link: InterfaceView): string =>
  link.kind === 'loopback' ? 'loopback' : link.kind === 'wifi' ? 'wlan' : link.kind === 'ppp' ? 'ppp' : 'ether'

function operational(link: InterfaceView): string {
  if (!link.enabled) return 'off'
  if (!link.up) return 'no-carrier'
  if (link.kind === 'loopback') return 'carrier'
  return link.addresses.some((each) => each.origin !== 'link-local') ? 'routable' : 'degraded'
}
