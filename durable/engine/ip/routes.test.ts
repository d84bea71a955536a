import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Recorder } from '../link/recorder.ts'
import { Simulation } from '../sim/simulation.ts'
import { adapter } from '../test-support/lone-stack.ts'
import { inPrefix, maskOf, parseCidr, parseIp } from '../wire/addresses.ts'
import { type Route, Routes } from './routes.ts'

const ip = (text: string): number => parseIp(text) ?? -1

function route(to: string, index: number, metric = 0, gateway = '0.0.0.0'): Route {
  const parsed = parseCidr(to)
  if (parsed === undefined) throw new Error(to)
  const { address: destination, prefixLength } = parsed
  return { destination, prefixLength, gateway: ip(gateway), interface: index, metric, origin: 'static', persistent: false }
}

function setUp(metrics: readonly number[] = [25, 25]) {
  const recorder = new Recorder(new Simulation(1), 4, 64)
  const made = metrics.map((metric, at) => {
    const one = adapter(recorder, at + 2, at)
    one.via.metric = metric
    return one
  })
  const interfaces = new Map(made.map(({ via }) => [via.index, via]))
  const routes = new Routes()
  const way = (dst: string, only?: number) => routes.lookup(ip(dst), interfaces, only)?.interface
  return { routes, interfaces, ports: made.map(({ port }) => port), way }
}

describe('a route table', () => {
  it('prefers the longest prefix, whatever the metrics', () => {
    const { routes, way } = setUp([5000, 1])
    routes.add(route('0.0.0.0/0', 3, 0, '10.0.0.1'))
    routes.add(route('172.16.0.0/12', 3, 0, '10.0.0.1'))
    routes.add(route('172.27.160.0/20', 2, 256))
    routes.add(route('172.27.160.9/32', 3, 256))
    expect(way('172.27.163.10')).toBe(2)
    expect(way('172.27.160.9')).toBe(3)
    expect(way('172.28.0.1')).toBe(3)
    expect(way('8.8.8.8')).toBe(3)
  })

  it('among equal prefixes takes the lowest sum of route and interface metric (fact sheet 4.3)', () => {
    const { routes, interfaces, way } = setUp([35, 25])
    routes.add(route('0.0.0.0/0', 2, 0, '10.0.0.1'))
    routes.add(route('0.0.0.0/0', 3, 0, '10.0.1.1'))
    expect(way('192.0.2.80')).toBe(3)
    const wifi = interfaces.get(2)
    if (wifi) wifi.metric = 24
    expect(way('192.0.2.80')).toBe(2)
    routes.remove((r) => r.interface === 2)
    routes.add(route('0.0.0.0/0', 2, 2, '10.0.0.1'))
    expect(way('192.0.2.80')).toBe(3)
  })

  it('passes over interfaces that are down, and those that were not asked for', () => {
    const { routes, ports, way } = setUp([1, 25])
    routes.add(route('0.0.0.0/0', 2, 0, '10.0.0.1'))
    routes.add(route('0.0.0.0/0', 3, 0, '10.0.1.1'))
    expect(way('192.0.2.80', 3)).toBe(3)
    ports[0].up = false
    expect(way('192.0.2.80')).toBe(3)
    ports[1].up = false
    expect(way('192.0.2.80')).toBeUndefined()
  })

  it('holds a route once, clears host bits, and counts its changes', () => {
    const { routes } = setUp()
    expect(routes.add(route('192.168.3.77/24', 2))).toBe(true)
    expect(routes.all[0].destination).toBe(ip('192.168.3.0'))
    expect(routes.add(route('192.168.3.1/24', 2, 9))).toBe(false)
    expect(routes.version).toBe(1)
    expect(routes.remove(() => false)).toBe(0)
    expect(routes.version).toBe(1)
    expect(routes.remove((r) => r.interface === 2)).toBe(1)
    expect(routes.version).toBe(2)
  })

  it('finds what a search through everything would', () => {
    const one = fc.record({
      destination: fc.constantFrom('10.1.0.0', '10.1.2.0', '10.1.2.128', '10.1.2.200', '0.0.0.0', '255.255.255.255').map(ip),
      prefixLength: fc.constantFrom(0, 1, 8, 16, 24, 25, 31, 32),
      interface: fc.constantFrom(2, 3),
      metric: fc.nat({ max: 3 }),
    })
    const dst = fc.constantFrom('10.1.2.200', '10.1.2.201', '10.1.3.1', '10.2.0.0', '128.0.0.1', '255.255.255.255').map(ip)
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), dst, (list, target) => {
        const { routes, interfaces } = setUp([1, 2])
        for (const r of list) routes.add({ ...r, gateway: 0, origin: 'static', persistent: false })
        const cost = (r: Route) => r.metric + (interfaces.get(r.interface)?.metric ?? 0)
        const [best] = routes.all
          .filter((r) => inPrefix(target, r.destination, r.prefixLength))
          .sort((a, b) => b.prefixLength - a.prefixLength || cost(a) - cost(b))
        const found = routes.lookup(target, interfaces)
        expect(found && [found.prefixLength, cost(found)]).toEqual(best && [best.prefixLength, cost(best)])
        for (const r of routes.all) expect((r.destination & ~maskOf(r.prefixLength)) >>> 0).toBe(0)
      }),
    )
  })
})
