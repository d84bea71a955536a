// What stacks count (RFC 4293, 4113, 4022), and when neighbours were last heard of: the same through storing, gone with the power.
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import { neighborViews6 } from '../../durable/engine/machine/ip6-views.ts'
import { neighborViews } from '../../durable/engine/machine/kernel-views.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: Counting
summary: Two machines and a router between them.
starts: 2026-03-02T12:00:00+00:00
machines:
  alpha:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address: 10.1.0.2/24, gateway: 10.1.0.1, address6: '2001:db8:1::2/64', gateway6: '2001:db8:1::1' } }
  router:
    os: ubuntu-24.04
    role: computer
    forwarding: true
    adapters:
      eth0: { address: 10.1.0.1/24, address6: '2001:db8:1::1/64' }
      eth1: { address: 10.2.0.1/24, address6: '2001:db8:2::1/64' }
  beta:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address: 10.2.0.2/24, gateway: 10.2.0.1, address6: '2001:db8:2::2/64', gateway6: '2001:db8:2::1' } }
cables:
  - { name: left, between: [alpha/eth0, router/eth0], latency: 50us }
  - { name: right, between: [router/eth1, beta/eth0], latency: 50us }
`

class Net extends LinuxLab {
  constructor() {
    super({ yaml: YAML })
  }
  machine(name: string): Machine {
    return (this.walk.lab as Lab).parts.machines.get(name) as Machine
  }
  /** What a line adds to the counters of a machine; those that stay are left out. */
  adds(name: string, family: 4 | 6, line: () => void): { [counter: string]: number } {
    const view = () => (family === 4 ? this.machine(name).stack.mib.view : this.machine(name).ip6.mib.view)
    const before = view()
    line()
    const { icmpIn, icmpOut, ...after } = view()
    const added: { [counter: string]: number } = {}
    for (const [key, value] of Object.entries(after)) {
      const more = value - (before[key as keyof typeof after] as number)
      if (more !== 0) added[key] = more
    }
    for (const [how, now, then] of [
      ['in', icmpIn, before.icmpIn],
      ['out', icmpOut, before.icmpOut],
    ] as const)
      for (const [type, count] of now) {
        const more = count - (then.find(([one]) => one === type)?.[1] ?? 0)
        if (more !== 0) added[`${how} ${type}`] = more
      }
    return added
  }
}

describe('the counters of a stack', () => {
  it('of IPv4: what is sent, forwarded, cut, put together and refused', () => {
    const net = new Net()
    const ping = (line: string) => () => void net.type('alpha', `ping -c 1 -W 1 ${line}`)
    net.type('alpha', 'ping -c 1 10.2.0.2')
    expect(net.adds('alpha', 4, ping('10.2.0.2'))).toEqual({
      inReceives: 1,
      inDelivers: 1,
      outRequests: 1,
      'in 0': 1,
      'out 8': 1,
    })
    expect(net.adds('router', 4, ping('10.2.0.2'))).toEqual({ inReceives: 2, forwDatagrams: 2 })
    expect(net.adds('beta', 4, ping('10.2.0.2'))).toEqual({ inReceives: 1, inDelivers: 1, outRequests: 1, 'in 8': 1, 'out 0': 1 })
    expect(net.adds('alpha', 4, ping('-s 4000 10.2.0.2'))).toEqual({
      inReceives: 3,
      inDelivers: 1,
      outRequests: 1,
      fragOks: 1,
      fragCreates: 3,
      reasmReqds: 3,
      reasmOks: 1,
      'in 0': 1,
      'out 8': 1,
    })
    expect(net.adds('router', 4, ping('-t 1 10.2.0.2'))).toEqual({ inReceives: 1, inHdrErrors: 1, outRequests: 1, 'out 11': 1 })
    expect(net.adds('router', 4, ping('192.0.2.1'))).toEqual({ inReceives: 1, outNoRoutes: 1, outRequests: 1, 'out 3': 1 })
    const toNobody = () => void net.type('alpha', 'echo x | nc -u -w 1 10.2.0.2 9')
    expect(net.adds('beta', 4, toNobody)).toMatchObject({ udpNoPorts: 1, 'out 3': 1 })
    expect(net.adds('alpha', 4, toNobody)).toMatchObject({ udpOutDatagrams: 1, 'in 3': 1 })
  })

  it('of IPv6 the same', () => {
    const net = new Net()
    const ping = (line: string) => () => void net.type('alpha', `ping -6 -c 1 -W 1 ${line}`)
    net.type('alpha', 'ping -6 -c 1 2001:db8:2::2')
    expect(net.adds('alpha', 6, ping('2001:db8:2::2'))).toMatchObject({
      inReceives: 1,
      outRequests: 1,
      'in 129': 1,
      'out 128': 1,
    })
    expect(net.adds('router', 6, ping('2001:db8:2::2'))).toMatchObject({ forwDatagrams: 2 })
    expect(net.adds('alpha', 6, ping('-s 4000 2001:db8:2::2'))).toMatchObject({
      fragOks: 1,
      fragCreates: 3,
      reasmReqds: 3,
      reasmOks: 1,
    })
    expect(net.adds('router', 6, ping('-t 1 2001:db8:2::2'))).toMatchObject({ inHdrErrors: 1, 'out 3': 1 })
    expect(net.adds('router', 6, ping('2001:db8:99::1'))).toMatchObject({ outNoRoutes: 1, 'out 1': 1 })
  })

  it('are what /proc/net/snmp says, outlive storing, and go with the power', () => {
    const net = new Net()
    net.type('alpha', 'ping -c 3 10.2.0.2')
    const files = () => net.machine('alpha').files
    const [names, values] = (files().read('/proc/net/snmp') ?? '').split('\n').filter((line) => line.startsWith('Icmp: '))
    expect(names?.split(' ').length).toBe(values?.split(' ').length)
    expect(values?.split(' ')[names?.split(' ').indexOf('OutEchos') ?? -1]).toBe('3')
    expect(files().read('/proc/net/snmp6')).toMatch(/^Ip6InReceives {19}\t\d+$/m)
    const before = files().read('/proc/net/snmp')
    net.reopen()
    expect(files().read('/proc/net/snmp')).toBe(before)
    net.type('alpha', 'sudo reboot')
    expect(files().read('/proc/net/snmp')).not.toContain('OutType8')
  })
})

it('neighbours are told with when they were used and confirmed last, and how often they were asked', () => {
  const net = new Net()
  net.type('alpha', 'ping -c 1 10.1.0.1; ping -6 -c 1 2001:db8:1::1')
  const of = (address: string) => {
    const alpha = net.machine('alpha')
    return [...neighborViews(alpha), ...neighborViews6(alpha)].find((one) => one.address === address)
  }
  const [four, six] = [of('10.1.0.1'), of('2001:db8:1::1')]
  for (const one of [four, six]) {
    // One question to everybody, as a fourth (net/core/neighbour.c).
    expect(one?.probes).toBe(4)
    expect(one?.confirmed).toBeGreaterThan(0)
  }
  const later = (four?.used ?? 0) + 20_000_000
  ;(net.walk.lab as Lab).operate({ do: 'advance', to: later }, 900)
  net.type('alpha', 'ping -c 1 10.1.0.1')
  expect(of('10.1.0.1')?.used).toBeGreaterThanOrEqual(later)
  expect(of('10.1.0.1')?.confirmed).toBe(four?.confirmed)
  const before = [of('10.1.0.1'), of('2001:db8:1::1')]
  net.reopen()
  expect([of('10.1.0.1'), of('2001:db8:1::1')]).toEqual(before)
  net.type('alpha', 'ping -c 1 -W 1 10.1.0.77')
  ;(net.walk.lab as Lab).operate({ do: 'advance', to: (net.walk.lab as Lab).now + 5_000_000 }, 901)
  expect(of('10.1.0.77')).toMatchObject({ state: 'unreachable', probes: 6 })
})
