import { Handle, type Node, Position } from '@xyflow/react'

export type CaseFlowNode = Node<{ readonly label: string }, 'case'>

/** The case of a computer around what runs inside of it. */
export function CaseNode({ data }: { readonly data: CaseFlowNode['data'] }) {
  return (
    <div className="case">
      <span>{data.label}</span>
      <Handle id="b" type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
}
