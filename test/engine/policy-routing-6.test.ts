// Rules and tables of IPv6 routes (net/ipv6/fib6_rules.c): what a packet's source or way in decides, through a Linux router.
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { LinuxCalls, RouteRequest, RuleView } from '../../durable/engine/machine/linux/linux-views.ts'
import { routeCalls6 } from '../../durable/engine/machine/linux/route6-calls.ts'
import type { LinuxSystem } from '../../durable/engine/machine/linux/system.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: Two ways out
summary: A router between a network and two others.
starts: 2026-03-02T12:00:00+00:00
machines:
  host: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address6: '2001:db8:a::9/64', gateway6: '2001:db8:a::1' } } }
  router:
    os: ubuntu-24.04
    role: computer
    forwarding: true
    adapters:
      eth0: { address6: '2001:db8:a::1/64' }
      eth1: { address6: '2001:db8:b::1/64', gateway6: '2001:db8:b::2' }
      eth2: { address6: '2001:db8:c::1/64' }
  b: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address6: '2001:db8:b::2/64', gateway6: '2001:db8:b::1' } } }
  c: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address6: '2001:db8:c::2/64', gateway6: '2001:db8:c::1' } } }
cables:
  - { name: to-host, between: [host/eth0, router/eth0], latency: 50us }
  - { name: to-b, between: [router/eth1, b/eth0], latency: 50us }
  - { name: to-c, between: [router/eth2, c/eth0], latency: 50us }
`

const FAR = '2001:db8:f::1'

const rule = (change: Partial<RuleView>): RuleView => ({
  priority: -1,
  source: '::',
  sourceLength: 0,
  destination: '::',
  destinationLength: 0,
  mark: 0,
  markMask: 0,
  from: '',
  out: '',
  not: false,
  action: 'lookup',
  table: 0,
  suppressLength: -1,
  protocol: 3,
  ...change,
})

const route = (change: Partial<RouteRequest>): RouteRequest => ({
  type: 'unicast',
  destination: '::',
  prefixLength: 0,
  gateway: '',
  device: '',
  table: 0,
  ...change,
})

const fromA = { source: '2001:db8:a::', sourceLength: 64 }

class Net extends LinuxLab {
  constructor() {
    super({ yaml: YAML })
  }

  machine(name: string): Machine {
    return (this.walk.lab as Lab).parts.machines.get(name) as Machine
  }

  get calls(): Pick<LinuxCalls, 'linuxRoutes6' | 'changeRoute6' | 'findRoute6' | 'rules6' | 'changeRule6'> {
    const router = this.machine('router')
    return routeCalls6(router, router.linux as LinuxSystem)
  }

  /** Table 100 leads to c, and what comes from a is to use it. */
  divided(): this {
    expect(this.calls.changeRoute6('add', route({ gateway: '2001:db8:c::2', table: 100 }))).toEqual({ ok: true })
    expect(this.calls.changeRule6('add', rule({ ...fromA, table: 100 }))).toEqual({ ok: true })
    return this
  }

  /** By which of the router's adapters an echo request from the host to somewhere far leaves; or what ends it there. */
  way(to = FAR): string {
    const { recorder } = (this.walk.lab as Lab).parts
    const before = recorder.next
    this.type('host', `ping -6 -c 1 -W 1 ${to}`)
    const seen = recorder.read(before).filter(({ vantage }) => recorder.vantages[vantage]?.machine === 'router')
    const echo = seen.filter(({ bytes }) => bytes.length > 54 && bytes[20] === 58 && bytes[54] === 128)
    const out = echo.find(({ direction }) => direction === 'out')
    if (out) return recorder.vantages[out.vantage]?.adapter ?? ''
    const told = seen.find(({ bytes }) => bytes.length > 54 && bytes[20] === 58 && bytes[54] === 1)
    return `${echo[0]?.verdict}: ${echo[0]?.detail}: ${told === undefined ? 'silence' : `code ${told.bytes[55]}`}`
  }
}

describe('rules of IPv6', () => {
  it('begin with two, and lead by source into a table of their own', () => {
    const net = new Net()
    expect(net.calls.rules6().map(({ priority, table }) => [priority, table])).toEqual([
      [0, 255],
      [32766, 254],
    ])
    expect(net.way()).toBe('eth1')
    net.divided()
    expect(net.calls.rules6().map(({ priority, source, table }) => [priority, source, table])).toEqual([
      [0, '::', 255],
      [32765, '2001:db8:a::', 100],
      [32766, '::', 254],
    ])
    expect(net.way()).toBe('eth2')
    // What the router sends itself has another source.
    expect(net.calls.findRoute6({ to: FAR, from: '', mark: 0, iif: '', oif: '' })).toMatchObject({
      route: { gateway: '2001:db8:b::2' },
      source: '2001:db8:b::1',
    })
    expect(net.calls.findRoute6({ to: FAR, from: '2001:db8:a::9', mark: 0, iif: 'eth0', oif: '' })).toMatchObject({
      route: { gateway: '2001:db8:c::2', table: 100 },
    })
    expect(net.calls.changeRule6('delete', rule({ table: 100 }))).toEqual({ ok: true })
    expect(net.way()).toBe('eth1')
  })

  it('survive the lab being put away; not a restart of the machine', () => {
    const net = new Net().divided()
    const rules = net.calls.rules6()
    net.reopen()
    expect(net.calls.rules6()).toEqual(rules)
    expect(net.calls.linuxRoutes6().filter(({ table }) => table === 100)).toMatchObject([{ gateway: '2001:db8:c::2' }])
    expect(net.way()).toBe('eth2')
    net.type('router', 'sudo reboot')
    expect(net.calls.rules6()).toHaveLength(2)
    expect(net.calls.linuxRoutes6().filter(({ table }) => table !== undefined)).toEqual([])
  })

  it('ask by way in, by destination, and not; a table that has nothing falls through', () => {
    const net = new Net().divided()
    net.calls.changeRule6('delete', rule({ table: 100 }))
    net.calls.changeRule6('add', rule({ from: 'eth2', table: 100 }))
    expect(net.way()).toBe('eth1')
    net.calls.changeRule6('add', rule({ priority: 50, from: 'eth0', table: 99 }))
    expect(net.way()).toBe('eth1')
    net.calls.changeRule6(
      'add',
      rule({ priority: 60, not: true, destination: '2001:db8:e::', destinationLength: 48, table: 100 }),
    )
    expect(net.way()).toBe('eth2')
    expect(net.way('2001:db8:e::1')).toBe('eth1')
    net.calls.changeRule6('add', rule({ priority: 10, from: 'eth0', action: 'goto', table: 32766 }))
    expect(net.way()).toBe('eth1')
  })

  it('and routes that refuse: the sender is told, or not', () => {
    for (const [type, told] of [
      ['blackhole', 'silence'],
      ['unreachable', 'code 0'],
      ['prohibit', 'code 1'],
    ] as const) {
      const net = new Net()
      net.calls.changeRule6('add', rule({ ...fromA, action: type }))
      expect(net.way()).toBe(`route-type: ${type} route for ${FAR}: ${told}`)
      net.calls.changeRule6('delete', rule({ ...fromA, action: type }))
      net.calls.changeRoute6('add', route({ type, destination: '2001:db8:f::', prefixLength: 48 }))
      expect(net.way()).toBe(`route-type: ${type} route for ${FAR}: ${told}`)
    }
  })

  it('are refused as the kernel does', () => {
    const { calls } = new Net().divided()
    const error = (outcome: ReturnType<typeof calls.changeRule6>) => (outcome.ok ? '' : outcome.detail)
    expect(error(calls.changeRule6('add', rule({ ...fromA, priority: 32765, table: 100 })))).toBe('File exists')
    expect(error(calls.changeRule6('delete', rule({ table: 7 })))).toBe('No such file or directory')
    expect(error(calls.changeRoute6('add', route({ gateway: '2001:db8:c::2', table: 100 })))).toBe('File exists')
    expect(calls.changeRoute6('add', route({ gateway: '2001:db8:c::2', table: 100, metric: 5 })).ok).toBe(true)
    expect(error(calls.changeRoute6('add', route({ gateway: '2001:db8:d::2', metric: 9 })))).toBe('No route to host')
    expect(error(calls.changeRoute6('add', route({ gateway: 'fe80::1', metric: 9 })))).toBe('Error: Egress device not specified.')
    expect(error(calls.changeRoute6('add', route({ gateway: '2001:db8:c::1', metric: 9 })))).toBe(
      'Error: Gateway can not be a local address.',
    )
    expect(error(calls.changeRoute6('delete', route({ destination: '2001:db8:77::', prefixLength: 48 })))).toBe('No such process')
    for (let at = 1; at <= 1100; at++) calls.changeRule6('add', rule({ priority: at, table: 9 }))
    expect(error(calls.changeRule6('add', rule({ priority: 1200, table: 9 })))).toBe('Cannot allocate memory')
    expect(calls.rules6()).toHaveLength(1000)
  })
})
