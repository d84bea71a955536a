import type { Topology } from '../../../../durable/protocol.ts'
import { type Line, linesOf } from './words.ts'

export type TopologyNode = Topology['nodes'][number]
export type TopologyLink = Topology['links'][number]
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
/** A server that is drawn as a row of the switch it hangs on. */
export type RackRow = { readonly node: TopologyNode; readonly link: TopologyLink }
/** One box of the drawing. */
export type Card = { readonly node: TopologyNode; readonly lines: readonly Line[]; readonly rack: readonly RackRow[] }
export type Placed = { readonly card: Card; readonly box: Box }
export type Layout = { readonly cards: ReadonlyMap<string, Placed>; readonly cases: ReadonlyMap<string, Box> }

const WIDTHS: Record<TopologyNode['kind'], number> = {
  computer: 172,
  guest: 150,
  router: 172,
  server: 156,
  switch: 144,
  'access-point': 144,
  'virtual-switch': 220,
  real: 156,
}
/** Names and addresses side by side. */
const WIDE = 220
const RACK = 200
/** Characters in a line of a router that need the width of a rack. */
const LONG = 20
const TITLE = 30
const LINE = 17
const FOOT = 6
const ROW_GAP = 16
const COLUMN_GAP = 32
const CASE_PAD = 12
const CASE_TITLE = 24
const TALLEST = 5
/** A column that would grow higher than this makes the drawing smaller instead of larger. */
const ROOM = 300

export function sizeOf({ node, lines, rack }: Card): { readonly width: number; readonly height: number } {
  const rows = lines.length + rack.length
  return { width: rack.length > 0 ? RACK : widthOf(node, lines), height: TITLE + (rows > 0 ? rows * LINE + FOOT : 0) }
}

function widthOf({ kind }: TopologyNode, lines: readonly Line[]): number {
  if (kind === 'computer' && lines.length > 1) return WIDE
  const longest = Math.max(0, ...lines.map((one) => one.name.length + one.text.length))
  return kind === 'router' && longest > LONG ? RACK : WIDTHS[kind]
}

/** What takes a place in a column: one card, or a whole computer with what is inside of it. */
type Block = { readonly name: string; readonly width: number; readonly height: number; readonly members: readonly Card[] }

/**
 * Left to right by distance in cables: the computers with Hyper-V first, each drawn as a case around its guests and virtual
 * switches, then what they are plugged into, and the far side of the Internet last.
 */
export function layOut(topology: Topology): Layout {
  const cards = new Map<string, Placed>()
  const cases = new Map<string, Box>()
  const all = cardsOf(topology)
  const blocks = all.filter((one) => one.node.inside === null).map((one) => blockOf(one, all))
  const near = neighboursOf(blocks, all, topology)
  const columns = order(columnsOf(blocks, near), near)
  const tallest = Math.max(0, ...columns.map(heightOf))
  let x = 0
  for (const column of columns) {
    const width = Math.max(...column.map((block) => block.width))
    let y = (tallest - heightOf(column)) / 2
    for (const block of column) {
      place(block, x + (width - block.width) / 2, y, cards, cases)
      y += block.height + ROW_GAP
    }
    x += width + COLUMN_GAP
  }
  return { cards, cases }
}

/** Servers with one cable, to a switch, become rows of that switch: the far side is told in little room. */
function cardsOf({ nodes, links }: Topology): Card[] {
  const racks = new Map<string, RackRow[]>()
  const inRack = new Set<string>()
  const byName = new Map(nodes.map((one) => [one.name, one]))
  for (const node of nodes) {
    const its = links.filter((one) => one.a === node.name || one.b === node.name)
    const other = its.length === 1 ? byName.get(its[0].a === node.name ? its[0].b : its[0].a) : undefined
    if (node.kind !== 'server' || node.console || other?.kind !== 'switch') continue
    racks.set(other.name, [...(racks.get(other.name) ?? []), { node, link: its[0] }])
    inRack.add(node.name)
  }
  return nodes
    .filter((one) => !inRack.has(one.name))
    .map((node) => ({ node, lines: linesOf(node, links), rack: racks.get(node.name) ?? [] }))
}

const heightOf = (column: readonly Block[]) => column.reduce((sum, block) => sum + block.height + ROW_GAP, -ROW_GAP)

const stack = (cards: readonly Card[]) => ({
  width: Math.max(0, ...cards.map((one) => sizeOf(one).width)),
  height: cards.reduce((sum, one) => sum + sizeOf(one).height + ROW_GAP, cards.length > 0 ? -ROW_GAP : 0),
})

const isGuest = (one: Card) => one.node.kind === 'guest'

function blockOf(host: Card, all: readonly Card[]): Block {
  const { name } = host.node
  const inside = all.filter((one) => one.node.inside === name)
  if (inside.length === 0) return { name, ...sizeOf(host), members: [host] }
  const guests = stack(inside.filter(isGuest))
  const own = stack([host, ...inside.filter((one) => !isGuest(one))])
  return {
    name,
    width: guests.width + (guests.width > 0 ? COLUMN_GAP : 0) + own.width + 2 * CASE_PAD,
    height: Math.max(guests.height, own.height) + CASE_TITLE + CASE_PAD,
    members: [host, ...inside],
  }
}

function place(block: Block, x: number, y: number, cards: Map<string, Placed>, cases: Map<string, Box>): void {
  const [host, ...inside] = block.members
  if (inside.length === 0) {
    cards.set(block.name, { card: host, box: { x, y, width: block.width, height: block.height } })
    return
  }
  cases.set(block.name, { x, y, width: block.width, height: block.height })
  const room = block.height - CASE_TITLE - CASE_PAD
  const column = (members: readonly Card[], left: number) => {
    let top = y + CASE_TITLE + (room - stack(members).height) / 2
    for (const card of members) {
      const size = sizeOf(card)
      cards.set(card.node.name, { card, box: { x: left, y: top, ...size } })
      top += size.height + ROW_GAP
    }
  }
  const own = [host, ...inside.filter((one) => !isGuest(one))]
  column(inside.filter(isGuest), x + CASE_PAD)
  column(own, x + block.width - CASE_PAD - stack(own).width)
}

type Near = ReadonlyMap<string, readonly string[]>

/** Which blocks are cabled to which; a tunnel is no cable. */
function neighboursOf(blocks: readonly Block[], all: readonly Card[], { links }: Topology): Near {
  const owner = new Map(all.map(({ node }) => [node.name, node.inside ?? node.name]))
  const near = new Map<string, string[]>(blocks.map((one) => [one.name, []]))
  for (const link of links) {
    const [a, b] = [owner.get(link.a), owner.get(link.b)]
    if (link.kind === 'tunnel' || a === undefined || b === undefined || a === b) continue
    near.get(a)?.push(b)
    near.get(b)?.push(a)
  }
  return near
}

function columnsOf(blocks: readonly Block[], near: Near): Block[][] {
  const depth = new Map<string, number>()
  const sources = blocks.filter((one) => one.members.length > 1)
  let front = (sources.length > 0 ? sources : blocks.slice(0, 1)).map((one) => one.name)
  for (let at = 0; front.length > 0; at += 1) {
    for (const name of front) depth.set(name, at)
    front = [...new Set(front.flatMap((name) => near.get(name) ?? []))].filter((one) => !depth.has(one))
  }
  const last = Math.max(0, ...depth.values())
  const columns = Array.from({ length: last + 1 }, (): Block[] => [])
  for (const block of blocks) columns[depth.get(block.name) ?? last].push(block)
  return pullIn(columns, near).flatMap((column) => {
    const parts = Math.ceil(column.length / TALLEST)
    const size = Math.ceil(column.length / parts)
    return Array.from({ length: parts }, (_, index) => column.slice(index * size, (index + 1) * size))
  })
}

/** One column less, where what leads to the last column has room below what leads to it. */
function pullIn(columns: Block[][], near: Near): Block[][] {
  if (columns.length < 5) return columns
  const [before, middle, end] = columns.slice(-3)
  const leading = middle.filter((block) => end.some((one) => near.get(one.name)?.includes(block.name)))
  const rest = middle.filter((block) => !leading.includes(block))
  if (heightOf([...before, ...leading]) > ROOM || heightOf([...rest, ...end]) > ROOM) return columns
  return [...columns.slice(0, -3), [...before, ...leading], [...rest, ...end]]
}

/** Fewer crossings: each column is sorted by where its neighbours on the left stand. */
function order(columns: Block[][], near: Near): Block[][] {
  const places = new Map<string, number>()
  return columns.map((column) => {
    const weight = (block: Block) => {
      const known = (near.get(block.name) ?? []).map((name) => places.get(name)).filter((one) => one !== undefined)
      return known.length === 0 ? 1 : known.reduce((sum, one) => sum + one, 0) / known.length
    }
    const sorted = column
      .map((block, index) => ({ block, weight: weight(block), index }))
      .sort((p, q) => p.weight - q.weight || p.index - q.index)
      .map((one) => one.block)
    sorted.forEach((block, index) => {
      places.set(block.name, (index + 0.5) / sorted.length)
    })
    return sorted
  })
}
