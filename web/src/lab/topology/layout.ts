import type { Topology } from '../../../../durable/protocol.ts'

export type TopologyNode = Topology['nodes'][number]
export type TopologyLink = Topology['links'][number]
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export type Layout = { readonly boxes: ReadonlyMap<string, Box>; readonly cases: ReadonlyMap<string, Box> }

const WIDTHS: Record<TopologyNode['kind'], number> = {
  computer: 172,
  guest: 156,
  router: 166,
  server: 152,
  switch: 118,
  'access-point': 118,
  'virtual-switch': 222,
}
/** A computer with several adapters: their names and addresses side by side. */
const WIDE = 222
export const SHOWN_ADDRESSES = 5
const TITLE = 30
const LINE = 17
const FOOT = 6
const ROW_GAP = 14
const COLUMN_GAP = 44
const CASE_PAD = 14
const CASE_TITLE = 24
const TALLEST_COLUMN = 5

export function sizeOf(node: TopologyNode): { readonly width: number; readonly height: number } {
  const lines = Math.min(node.addresses.length, SHOWN_ADDRESSES) + (node.addresses.length > SHOWN_ADDRESSES ? 1 : 0)
  const width = node.kind === 'computer' && node.addresses.length > 1 ? WIDE : WIDTHS[node.kind]
  return { width, height: TITLE + (lines > 0 ? lines * LINE + FOOT : 0) }
}

/** A column block: one node, or a whole computer with what is inside of it. */
type Block = { readonly name: string; readonly width: number; readonly height: number; readonly members: readonly TopologyNode[] }

/**
 * Left to right by distance in cables: the computers with Hyper-V first, each drawn as a case around its guests and virtual
 * switches, then what they are plugged into, and the far side of the Internet last.
 */
export function layOut(topology: Topology): Layout {
  const boxes = new Map<string, Box>()
  const cases = new Map<string, Box>()
  const blocks = topology.nodes.filter((one) => one.inside === null).map((one) => blockOf(one, topology.nodes))
  const columns = order(columnsOf(blocks, topology), topology)
  const tallest = Math.max(0, ...columns.map(heightOf))
  let x = 0
  for (const column of columns) {
    const width = Math.max(...column.map((block) => block.width))
    let y = (tallest - heightOf(column)) / 2
    for (const block of column) {
      place(block, x + (width - block.width) / 2, y, boxes, cases)
      y += block.height + ROW_GAP
    }
    x += width + COLUMN_GAP
  }
  return { boxes, cases }
}

const heightOf = (column: readonly Block[]) => column.reduce((sum, block) => sum + block.height + ROW_GAP, -ROW_GAP)

const stack = (nodes: readonly TopologyNode[]) => ({
  width: Math.max(0, ...nodes.map((one) => sizeOf(one).width)),
  height: nodes.reduce((sum, one) => sum + sizeOf(one).height + ROW_GAP, nodes.length > 0 ? -ROW_GAP : 0),
})

function blockOf(node: TopologyNode, all: readonly TopologyNode[]): Block {
  const inside = all.filter((one) => one.inside === node.name)
  if (inside.length === 0) return { name: node.name, ...sizeOf(node), members: [node] }
  const guests = stack(inside.filter((one) => one.kind === 'guest'))
  const host = stack([node, ...inside.filter((one) => one.kind !== 'guest')])
  return {
    name: node.name,
    width: guests.width + (guests.width > 0 ? COLUMN_GAP : 0) + host.width + 2 * CASE_PAD,
    height: Math.max(guests.height, host.height) + CASE_TITLE + CASE_PAD,
    members: [node, ...inside],
  }
}

function place(block: Block, x: number, y: number, boxes: Map<string, Box>, cases: Map<string, Box>): void {
  const [host, ...inside] = block.members
  if (inside.length === 0) {
    boxes.set(host.name, { x, y, width: block.width, height: block.height })
    return
  }
  cases.set(host.name, { x, y, width: block.width, height: block.height })
  const guests = inside.filter((one) => one.kind === 'guest')
  const own = [host, ...inside.filter((one) => one.kind !== 'guest')]
  const room = block.height - CASE_TITLE - CASE_PAD
  const column = (nodes: readonly TopologyNode[], left: number) => {
    let top = y + CASE_TITLE + (room - stack(nodes).height) / 2
    for (const node of nodes) {
      const size = sizeOf(node)
      boxes.set(node.name, { x: left, y: top, ...size })
      top += size.height + ROW_GAP
    }
  }
  column(guests, x + CASE_PAD)
  column(own, x + block.width - CASE_PAD - stack(own).width)
}

/** What stands in which column: breadth first over everything but tunnels, from the computers that have something inside. */
function columnsOf(blocks: readonly Block[], { nodes, links }: Topology): Block[][] {
  const owner = new Map(nodes.map((one) => [one.name, one.inside ?? one.name]))
  const wires = links.filter((one) => one.kind !== 'tunnel').map((one) => [owner.get(one.a), owner.get(one.b)] as const)
  const depth = new Map<string, number>()
  const sources = blocks.filter((one) => one.members.length > 1)
  let front = (sources.length > 0 ? sources : blocks.slice(0, 1)).map((one) => one.name)
  for (let at = 0; front.length > 0; at += 1) {
    for (const name of front) depth.set(name, at)
    const next = wires.flatMap(([a, b]) => (front.includes(a ?? '') ? [b] : front.includes(b ?? '') ? [a] : []))
    front = [...new Set(next)].filter((one) => one !== undefined && !depth.has(one)) as string[]
  }
  const last = Math.max(0, ...depth.values())
  const columns = Array.from({ length: last + 1 }, (): Block[] => [])
  for (const block of blocks) columns[depth.get(block.name) ?? last].push(block)
  return columns.flatMap((column) => {
    const parts = Math.ceil(column.length / TALLEST_COLUMN)
    const size = Math.ceil(column.length / parts)
    return Array.from({ length: parts }, (_, index) => column.slice(index * size, (index + 1) * size))
  })
}

/** Fewer crossings: each column is sorted by where its neighbours on the left stand. */
function order(columns: Block[][], { nodes, links }: Topology): Block[][] {
  const owner = new Map(nodes.map((one) => [one.name, one.inside ?? one.name]))
  const place = new Map<string, number>()
  return columns.map((column) => {
    const weight = (block: Block) => {
      const near = links
        .filter((one) => one.kind !== 'tunnel')
        .flatMap(({ a, b }) => (owner.get(a) === block.name ? [owner.get(b)] : owner.get(b) === block.name ? [owner.get(a)] : []))
        .map((name) => place.get(name ?? ''))
        .filter((one) => one !== undefined)
      return near.length === 0 ? 0 : near.reduce((sum, one) => sum + one, 0) / near.length
    }
    const sorted = column
      .map((block, index) => ({ block, weight: weight(block), index }))
      .sort((p, q) => p.weight - q.weight || p.index - q.index)
      .map((one) => one.block)
    sorted.forEach((block, index) => {
      place.set(block.name, (index + 0.5) / sorted.length)
    })
    return sorted
  })
}
