import { NO_MAC } from '../link/virtual-switch.ts'
import type { Plug } from '../machine/hyper-v/hyper-v.ts'
import type { Machine } from '../machine/machine.ts'
import { formatIp, formatMac } from '../wire/addresses.ts'
import type { Built } from './build.ts'
import type { LabDefinition } from './definition.ts'
import { realNode } from './jacks.ts'
import type { TopologyLink, TopologyNode } from './lab-api.ts'

const OS_NAMES = { 'windows-11': 'Windows 11', 'ubuntu-24.04': 'Ubuntu 24.04', router: 'Router', server: 'Server' } as const

export function topologyNodes(definition: LabDefinition, { machines, switches, jacks }: Built): TopologyNode[] {
  const hostOf = new Map<string, string>()
  for (const machine of machines.values())
    for (const { guest } of machine.hyperV?.guests ?? []) hostOf.set(guest.name, machine.name)
  const idle = new Set([...machines.values()].flatMap(({ hyperV }) => hyperV?.farm.idle ?? []))
  const nodes: TopologyNode[] = []
  for (const machine of machines.values()) {
    if (idle.has(machine.name)) continue
    nodes.push({
      name: machine.name,
      label: machine.hostname,
      kind: machine.definition.role,
      inside: hostOf.get(machine.name) ?? null,
      power: machine.power,
      console: machine.definition.console,
      addresses: addressLines(machine),
      os: machine.definition.edition === 'server' ? 'Windows Server' : OS_NAMES[machine.definition.os],
    })
    for (const { label, fabric } of machine.hyperV?.views() ?? []) {
      nodes.push({
        name: fabric.name,
        label,
        kind: 'virtual-switch',
        inside: machine.name,
        power: machine.power,
        console: false,
        addresses: [],
        os: '',
      })
    }
  }
  for (const name of switches.keys()) {
    const { label, ssid } = definition.switches.find((s) => s.name === name) ?? { label: name, ssid: '' }
    nodes.push({
      name,
      label,
      kind: ssid === '' ? 'switch' : 'access-point',
      inside: null,
      power: 'on',
      console: false,
      addresses: ssid === '' ? [] : [ssid],
      os: '',
    })
  }
  for (const { port, jack } of jacks.used()) {
    nodes.push({
      name: realNode(port),
      label: 'Real machine',
      kind: 'real',
      inside: null,
      power: 'on',
      console: false,
      addresses: jack.mac === NO_MAC ? [] : [formatMac(jack.mac)],
      os: '',
    })
  }
  return nodes
}

function addressLines(machine: Machine): string[] {
  if (machine.power !== 'on') return []
  return [...machine.stack.interfaces.values()]
    .filter((via) => via.kind !== 'loopback' && via.up)
    .flatMap((via) =>
      via.addresses.filter((a) => a.state === 'preferred').map((a) => `${via.name} ${formatIp(a.ip)}/${a.prefixLength}`),
    )
}

export function topologyLinks({ machines, links, jacks }: Built): TopologyLink[] {
  const there = links.filter((link) => !jacks.isIdle(link))
  const drawn: TopologyLink[] = there.map(({ name, cable, a, b, kind }) => ({
    name,
    a: a.node,
    b: b.node,
    aPort: a.port,
    bPort: b.port,
    kind,
    up: cable.plugged,
    pluggable: kind !== 'radio',
  }))
  for (const machine of machines.values()) {
    for (const { fabric, host, uplink } of machine.hyperV?.views() ?? []) {
      const plug = ({ cable: name, alias: aPort, up }: Plug, bPort: string) =>
        drawn.push({ name, a: machine.name, b: fabric.name, aPort, bPort, kind: 'vmbus', up, pluggable: false })
      if (host) plug(host, 'host')
      if (uplink) plug(uplink, 'uplink')
    }
    for (const [name, vpn] of machine.vpns) {
      const server = [...machines.values()].find((m) => m.vpnServer !== undefined)
      if (server && vpn.status === 'Connected') {
        drawn.push({
          name: `tunnel/${machine.name}/${name}`,
          a: machine.name,
          b: server.name,
          aPort: name,
          bPort: 'ppp',
          kind: 'tunnel',
          up: true,
          pluggable: false,
        })
      }
    }
  }
  return drawn
}
