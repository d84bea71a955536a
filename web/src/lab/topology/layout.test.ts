import { expect, test } from 'vitest'
import { type Box, layOut, type TopologyLink, type TopologyNode } from './layout.ts'
import { linesOf } from './words.ts'

const node = (name: string, kind: TopologyNode['kind'], inside: string | null = null): TopologyNode => ({
  name,
  label: name,
  kind,
  inside,
  power: 'on',
  console: false,
  addresses: ['eth0 10.0.0.1/24'],
  os: 'linux',
})
const link = (a: string, b: string, kind: TopologyLink['kind'] = 'cable', up = true): TopologyLink => ({
  name: `${a}-${b}`,
  a,
  b,
  aPort: 'eth0',
  bPort: '',
  kind,
  up,
  pluggable: true,
})

const servers = Array.from({ length: 4 }, (_, index) => `server-${index}`)
const topology = {
  now: 0,
  nodes: [
    node('internet', 'switch'),
    node('router', 'router'),
    ...servers.map((name) => node(name, 'server')),
    node('home', 'switch'),
    node('host', 'computer'),
    node('vm1', 'guest', 'host'),
    node('vm2', 'guest', 'host'),
    node('vswitch', 'virtual-switch', 'host'),
    node('island', 'router'),
    node('gateway', 'router'),
    node('campus', 'switch'),
  ],
  links: [
    link('vm1', 'vswitch', 'vmbus'),
    link('vm2', 'vswitch', 'vmbus'),
    link('vswitch', 'host', 'vmbus'),
    link('host', 'home'),
    link('home', 'router'),
    link('router', 'internet'),
    ...servers.map((name) => link(name, 'internet')),
    link('gateway', 'internet'),
    link('gateway', 'campus'),
    link('host', 'gateway', 'tunnel'),
  ],
}

const apart = (p: Box, q: Box) => p.x + p.width <= q.x || q.x + q.width <= p.x || p.y + p.height <= q.y || q.y + q.height <= p.y
const inside = (p: Box, q: Box) => p.x >= q.x && p.y >= q.y && p.x + p.width <= q.x + q.width && p.y + p.height <= q.y + q.height
const { cards, cases } = layOut(topology)
const box = (name: string) => cards.get(name)!.box

test('every node has its own place, servers in the card of their switch', () => {
  expect([...cards.keys()].sort()).toEqual(
    topology.nodes
      .map((one) => one.name)
      .filter((name) => !servers.includes(name))
      .sort(),
  )
  expect(cards.get('internet')!.card.rack.map((one) => one.node.name)).toEqual(servers)
  const all = [...cards.values()].map((one) => one.box)
  for (const [index, p] of all.entries()) for (const q of all.slice(index + 1)) expect(apart(p, q)).toBe(true)
})

test('a computer is drawn around its guests and its virtual switch, and nothing else is in there', () => {
  const host = cases.get('host')!
  for (const name of ['host', 'vm1', 'vm2', 'vswitch']) expect(inside(box(name), host)).toBe(true)
  for (const name of ['home', 'router', 'internet', 'island', 'gateway']) expect(apart(box(name), host)).toBe(true)
})

test('left to right by distance in cables; a tunnel is no shortcut', () => {
  const xs = ['vm1', 'host', 'home', 'router', 'campus'].map((name) => box(name).x)
  expect(xs).toEqual([...xs].sort((a, b) => a - b))
  expect(box('gateway').x).toBeGreaterThan(box('router').x)
})

test('what leads to the last column stands below what leads to it, where there is room', () => {
  expect(box('gateway').y).toBeGreaterThan(box('internet').y)
  expect(apart(box('gateway'), box('internet'))).toBe(true)
})

test('nothing to draw is drawn as nothing', () => {
  expect(layOut({ now: 0, nodes: [], links: [] }).cards.size).toBe(0)
})

test('a radio that reaches two networks is without one only when it has joined neither', () => {
  const host = node('host', 'computer')
  const lines = (up: boolean) =>
    linesOf(host, [link('host', 'a', 'radio', false), link('host', 'b', 'radio', up)]).filter((one) => one.down)
  expect(lines(true)).toEqual([])
  expect(lines(false)).toEqual([{ name: 'eth0', text: 'not joined', down: true }])
})
