import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { Icon } from '../../ui/icon.tsx'
import { SHOWN_ADDRESSES, type TopologyNode } from './layout.ts'
import { kindWords, splitAddress, systemWord } from './words.ts'

export type MachineFlowNode = Node<
  { readonly node: TopologyNode; readonly active: boolean; readonly onOpen: (() => void) | null },
  'machine'
>

const sides = [
  ['l', Position.Left],
  ['r', Position.Right],
  ['t', Position.Top],
  ['b', Position.Bottom],
] as const

/** What the drawing of the node does not say already. */
const noteOf = (node: TopologyNode) => (node.kind === 'computer' || node.kind === 'guest' ? systemWord(node) : '')

export function MachineNode({ data }: NodeProps<MachineFlowNode>) {
  const { node, active, onOpen } = data
  const more = node.addresses.length - SHOWN_ADDRESSES
  const power = node.power === 'on' ? '' : node.power
  const card = (
    <>
      <span className="node-title">
        <Icon name={node.kind} size={15} />
        <strong>{node.label}</strong>
        <small>{power === '' ? noteOf(node) : power}</small>
      </span>
      {node.addresses.slice(0, SHOWN_ADDRESSES).map((line) => {
        const [name, address] = splitAddress(line)
        return (
          <span key={line} className="node-address" title={line}>
            {node.addresses.length > 1 && <span>{name}</span>}
            <code>{address}</code>
          </span>
        )
      })}
      {more > 0 && <span className="node-address">and {more} more</span>}
    </>
  )
  const classes = `node ${node.kind} ${power === '' ? '' : 'off'} ${active ? 'active' : ''}`
  return (
    <>
      {sides.map(([id, position]) => (
        <Handle key={id} id={id} type="source" position={position} isConnectable={false} />
      ))}
      {onOpen === null ? (
        <div className={classes} title={kindWords[node.kind]}>
          {card}
        </div>
      ) : (
        <button
          type="button"
          className={`${classes} nopan`}
          aria-label={`${node.label}, ${systemWord(node)}, ${node.power}. ${node.addresses.join(', ')}. Open its terminal`}
          onClick={onOpen}
        >
          {card}
        </button>
      )}
    </>
  )
}
