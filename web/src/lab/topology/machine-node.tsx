import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { Icon } from '../../ui/icon.tsx'
import type { Card, TopologyNode } from './layout.ts'
import { PlugHandle } from './plug-handle.tsx'
import { kindWords, splitAddress, systemWord } from './words.ts'

type Data = {
  readonly card: Card
  readonly labels: ReadonlyMap<string, string>
  readonly active: boolean
  readonly onOpen: (() => void) | null
}
export type MachineFlowNode = Node<Data, 'machine'>

const sides = [
  ['l', Position.Left],
  ['r', Position.Right],
  ['t', Position.Top],
  ['b', Position.Bottom],
] as const

/** What the drawing of the node does not say already. */
function noteOf(node: TopologyNode): string {
  if (node.power !== 'on') return node.power
  return node.kind === 'computer' || node.kind === 'guest' ? systemWord(node) : ''
}

export function MachineNode({ data }: NodeProps<MachineFlowNode>) {
  const { card, labels, active, onOpen } = data
  const { node, lines, rack } = card
  const classes = `node ${node.kind} ${node.power === 'on' ? '' : 'off'} ${active ? 'active' : ''}`
  const body = (
    <>
      <span className="node-title">
        <Icon name={node.kind} size={15} />
        <strong title={node.label}>{node.label}</strong>
        {noteOf(node) !== '' && <small>{noteOf(node)}</small>}
      </span>
      {lines.map((line) => (
        <span
          key={`${line.name} ${line.text}`}
          className={line.down ? 'node-line down' : 'node-line'}
          title={`${line.name} ${line.text}`}
        >
          {(lines.length > 1 || line.down) && <span>{line.name}</span>}
          {line.down ? <em>{line.text}</em> : <code>{line.text}</code>}
        </span>
      ))}
      {rack.map((row) => (
        <span key={row.node.name} className="node-line" title={row.node.addresses.join(', ')}>
          <span>{row.node.label}</span>
          {row.link.up ? <code>{splitAddress(row.node.addresses[0] ?? '')[1].replace(/\/\d+$/, '')}</code> : <em>unplugged</em>}
          {row.link.pluggable && <PlugHandle link={row.link} labels={labels} />}
        </span>
      ))}
    </>
  )
  return (
    <>
      {sides.map(([id, position]) => (
        <Handle key={id} id={id} type="source" position={position} isConnectable={false} />
      ))}
      {onOpen === null ? (
        <div className={classes} title={rack.length === 0 ? kindWords[node.kind] : undefined}>
          {body}
        </div>
      ) : (
        <button
          type="button"
          className={`${classes} nopan`}
          aria-label={`${node.label}, ${systemWord(node)}, ${node.power}. ${node.addresses.join(', ')}. Open its terminal`}
          onClick={onOpen}
        >
          {body}
        </button>
      )}
    </>
  )
}
