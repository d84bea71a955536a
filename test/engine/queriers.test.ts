// Who asks about groups in a whole lab: a home router whose definition says so, and a Linux bridge that is told to.
import { expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import { formatAddress } from '../../durable/engine/wire/addresses.ts'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: Listeners
summary: A router that asks.
starts: 2026-03-02T12:00:00+00:00
machines:
  router:
    os: router
    adapters: { lan: { address: 10.1.0.1/24, address6: '2001:db8:b::1/64' } }
    multicastQuerier: [lan]
  windows: { os: windows-11, adapters: { Ethernet: { address: 10.1.0.9/24 } } }
  bridge: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.1.0.7/24 } } }
switches: { hub: { label: Switch } }
cables:
  - { between: [router/lan, hub] }
  - { between: [windows/Ethernet, hub] }
  - { between: [bridge/eth0, hub] }
`

it('know what the others listen to, through a restart of theirs and of the lab; the lowest address asks alone', () => {
  const net = new LinuxLab({ yaml: YAML })
  const lab = () => net.walk.lab as Lab
  const machine = (name: string) => lab().parts.machines.get(name) as Machine
  const listened = () => {
    const via = machine('router').stack.byName('lan')
    const i6 = machine('router').ip6.interfaces.get(via?.index ?? 0)
    return [...(via?.querying?.groups ?? []), ...(i6?.querying?.groups ?? [])].map(([group]) => formatAddress(group))
  }
  const wait = (seconds: number, command: number) =>
    lab().operate({ do: 'advance', to: lab().now + seconds * 1_000_000 }, command)
  wait(60, 900)
  expect(listened()).toEqual(expect.arrayContaining(['224.0.0.251', '224.0.0.252', 'ff02::fb', 'ff02::1:3']))
  const before = listened()
  net.reopen()
  expect(listened()).toEqual(before)
  wait(600, 901)
  expect(listened().toSorted()).toEqual(before.toSorted())
  net.type('bridge', 'sudo ip link add br0 type bridge')
  net.type('bridge', 'sudo ip link set eth0 master br0; sudo ip addr flush dev eth0; sudo ip addr add 10.1.0.7/24 dev br0')
  expect(net.type('bridge', 'sudo ip link set br0 up type bridge mcast_querier 1')).toBe('')
  const querying = () => machine('bridge').stack.byName('br0')?.querying
  wait(300, 902)
  // The router's address is the lower one.
  expect(querying()?.asks(lab().now)).toBe(false)
  expect(querying()?.groups.length).toBeGreaterThan(0)
  net.type('bridge', 'sudo ip link set br0 type bridge mcast_querier 0')
  expect(querying()).toBeUndefined()
})
