import type { Topology } from '../../../../durable/protocol.ts'
import type { CaseFlowNode } from './case-node.tsx'
import { type Box, layOut, type TopologyLink } from './layout.ts'
import type { MachineFlowNode } from './machine-node.tsx'
import type { WireFlowEdge } from './wire-edge.tsx'
import { kindWords } from './words.ts'

type Choices = {
  readonly activeMachine: string | null
  readonly openLink: string | null
  readonly onOpenMachine: (machine: string) => void
  readonly onToggleLink: (link: string, open: boolean) => void
}

/** The network as what the drawing library wants. */
export function toFlow(
  topology: Topology,
  choices: Choices,
): { nodes: (MachineFlowNode | CaseFlowNode)[]; edges: WireFlowEdge[] } {
  const { boxes, cases } = layOut(topology)
  const labels = new Map(topology.nodes.map((one) => [one.name, one.label]))
  const outer = [...cases].map(([name, box]): CaseFlowNode => {
    return { id: `case ${name}`, type: 'case', data: { label: `Inside ${labels.get(name)}` }, ...geometry(box), zIndex: 0 }
  })
  const inner = topology.nodes.map((node): MachineFlowNode => {
    const onOpen = node.console ? () => choices.onOpenMachine(node.name) : null
    const data = { node, active: node.name === choices.activeMachine, onOpen }
    return { id: node.name, type: 'machine', data, ...geometry(boxes.get(node.name)!), zIndex: 2 }
  })
  const edges = topology.links
    .filter((link) => boxes.has(link.a) && boxes.has(link.b) && (link.kind !== 'tunnel' || link.up))
    .map((link) => edgeOf(link, boxes, labels, choices))
  return { nodes: [...outer, ...inner], edges }
}

const geometry = ({ x, y, width, height }: Box) => ({ position: { x, y }, width, height })

function edgeOf(
  link: TopologyLink,
  boxes: ReadonlyMap<string, Box>,
  labels: ReadonlyMap<string, string>,
  choices: Choices,
): WireFlowEdge {
  // Drawn from left to right, or from top to bottom in one column.
  const [p, q] = [boxes.get(link.a)!, boxes.get(link.b)!]
  const beside = p.x + p.width <= q.x || q.x + q.width <= p.x
  const forward = beside ? p.x <= q.x : p.y <= q.y
  const [source, target] = forward ? [link.a, link.b] : [link.b, link.a]
  const [out, into] = link.kind === 'tunnel' ? ['b', 'b'] : beside ? ['r', 'l'] : ['b', 't']
  const ends = [
    [link.a, link.aPort],
    [link.b, link.bPort],
  ].map(([name, port]) => `${labels.get(name) ?? name}${port === '' ? '' : ` (${port})`}`)
  return {
    id: link.name,
    type: 'wire',
    source,
    target,
    sourceHandle: out,
    targetHandle: into,
    zIndex: link.kind === 'tunnel' ? 3 : 1,
    data: {
      link,
      name: `${link.kind === 'radio' ? 'Wi-Fi' : 'Cable'} from ${ends[0]} to ${ends[1]}`,
      open: choices.openLink === link.name,
      onToggle: (open) => choices.onToggleLink(link.name, open),
    },
  }
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
