import type { Node } from '@xyflow/react'

export type CaseFlowNode = Node<{ readonly label: string }, 'case'>

/** The case of a computer around what runs inside of it. */
export function CaseNode({ data }: { readonly data: CaseFlowNode['data'] }) {
  return (
    <div className="case">
      <span>{data.label}</span>
    </div>
  )
}
