import { expect, test } from 'vitest'
import { type Box, layOut, type TopologyLink, type TopologyNode } from './layout.ts'

const node = (name: string, kind: TopologyNode['kind'], inside: string | null = null): TopologyNode => ({
  name,
  label: name,
  kind,
  inside,
  power: 'on',
  console: true,
  addresses: ['eth0 10.0.0.1/24'],
  os: 'linux',
})
const link = (a: string, b: string, kind: TopologyLink['kind'] = 'cable'): TopologyLink => ({
  name: `${a}-${b}`,
  a,
  b,
  aPort: '',
  bPort: '',
  kind,
  up: true,
  pluggable: true,
})

const servers = Array.from({ length: 9 }, (_, index) => `server-${index}`)
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
  ],
  links: [
    link('vm1', 'vswitch', 'vmbus'),
    link('vm2', 'vswitch', 'vmbus'),
    link('vswitch', 'host', 'vmbus'),
    link('host', 'home'),
    link('home', 'router'),
    link('router', 'internet'),
    ...servers.map((name) => link('internet', name)),
    link('host', 'server-0', 'tunnel'),
  ],
}

const apart = (p: Box, q: Box) => p.x + p.width <= q.x || q.x + q.width <= p.x || p.y + p.height <= q.y || q.y + q.height <= p.y
const inside = (p: Box, q: Box) => p.x >= q.x && p.y >= q.y && p.x + p.width <= q.x + q.width && p.y + p.height <= q.y + q.height

test('every node has its own place', () => {
  const { boxes } = layOut(topology)
  expect(boxes.size).toBe(topology.nodes.length)
  const all = [...boxes.values()]
  for (const [index, p] of all.entries()) for (const q of all.slice(index + 1)) expect(apart(p, q)).toBe(true)
})

test('a computer is drawn around its guests and its virtual switch, and nothing else is in there', () => {
  const { boxes, cases } = layOut(topology)
  const box = cases.get('host')!
  for (const name of ['host', 'vm1', 'vm2', 'vswitch']) expect(inside(boxes.get(name)!, box)).toBe(true)
  for (const name of ['home', 'router', 'island', ...servers]) expect(apart(boxes.get(name)!, box)).toBe(true)
})

test('left to right by distance in cables; a tunnel is no shortcut', () => {
  const { boxes } = layOut(topology)
  const xs = ['vm1', 'host', 'home', 'router', 'internet', 'server-0'].map((name) => boxes.get(name)!.x)
  expect(xs).toEqual([...xs].sort((a, b) => a - b))
  expect(new Set(xs).size).toBe(xs.length)
})

test('nothing to draw is drawn as nothing', () => {
  expect(layOut({ now: 0, nodes: [], links: [] }).boxes.size).toBe(0)
})
