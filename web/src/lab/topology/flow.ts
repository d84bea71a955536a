import type { Topology } from '../../../../durable/protocol.ts'
import type { CaseFlowNode } from './case-node.tsx'
import { type Box, layOut, type Placed, type TopologyLink } from './layout.ts'
import type { MachineFlowNode } from './machine-node.tsx'
import type { WireFlowEdge } from './wire-edge.tsx'
import { kindWords } from './words.ts'

type Choices = { readonly activeMachine: string | null; readonly onOpenMachine: (machine: string) => void }
type Flow = { readonly nodes: (MachineFlowNode | CaseFlowNode)[]; readonly edges: WireFlowEdge[] }

/** The network as what the drawing library wants. */
export function toFlow(topology: Topology, { activeMachine, onOpenMachine }: Choices): Flow {
  const { cards, cases } = layOut(topology)
  const labels = new Map(topology.nodes.map((one) => [one.name, one.label]))
  const outer = [...cases].map(([name, box]): CaseFlowNode => {
    return { id: `case ${name}`, type: 'case', data: { label: `Inside ${labels.get(name)}` }, ...geometry(box), zIndex: 0 }
  })
  const inner = [...cards].map(([name, { card, box }]): MachineFlowNode => {
    const onOpen = card.node.console ? () => onOpenMachine(name) : null
    return {
      id: name,
      type: 'machine',
      data: { card, labels, active: name === activeMachine, onOpen },
      ...geometry(box),
      zIndex: 2,
    }
  })
  const edges = topology.links
    .filter((link) => cards.has(link.a) && cards.has(link.b) && (link.kind !== 'tunnel' || link.up))
    .map((link) => edgeOf(link, cards, labels))
    .map((edge) => (edge.data?.link.kind === 'tunnel' ? aroundCases(edge, cases) : edge))
  return { nodes: [...outer, ...inner], edges: edges.map((edge) => withHandle(edge, edges)) }
}

/** Where several cables end side by side, the handle goes to the other end. */
function withHandle(edge: WireFlowEdge, all: readonly WireFlowEdge[]): WireFlowEdge {
  const crowded = all.filter((one) => one.target === edge.target && one.targetHandle === edge.targetHandle).length > 1
  return crowded && edge.data !== undefined ? { ...edge, data: { ...edge.data, handleAt: 'source' } } : edge
}

const geometry = ({ x, y, width, height }: Box) => ({ position: { x, y }, width, height })

/** Drawn from left to right, or from top to bottom in one column. */
function edgeOf(link: TopologyLink, cards: ReadonlyMap<string, Placed>, labels: ReadonlyMap<string, string>): WireFlowEdge {
  const [p, q] = [cards.get(link.a)!.box, cards.get(link.b)!.box]
  const beside = p.x + p.width <= q.x || q.x + q.width <= p.x
  const forward = beside ? p.x <= q.x : p.y <= q.y
  const [source, target] = forward ? [link.a, link.b] : [link.b, link.a]
  const [sourceHandle, targetHandle] = link.kind === 'tunnel' ? ['b', 'b'] : beside ? ['r', 'l'] : ['b', 't']
  const zIndex = link.kind === 'tunnel' ? 3 : 1
  return {
    id: link.name,
    type: 'wire',
    source,
    target,
    sourceHandle,
    targetHandle,
    zIndex,
    data: { link, labels, handleAt: 'target' },
  }
}

/** A tunnel leaves a computer below its case, not through what is inside of it. */
function aroundCases(edge: WireFlowEdge, cases: ReadonlyMap<string, Box>): WireFlowEdge {
  const outside = (name: string) => (cases.has(name) ? `case ${name}` : name)
  return { ...edge, source: outside(edge.source), target: outside(edge.target) }
}

/** The whole network in one sentence for each machine, for readers that do not see the drawing. */
export function describe(topology: Topology): string {
  return topology.nodes
    .map(
      (one) =>
        `${kindWords[one.kind]} ${one.label}, ${one.power}${one.addresses.length > 0 ? `: ${one.addresses.join(', ')}` : ''}`,
    )
    .join('. ')
}
