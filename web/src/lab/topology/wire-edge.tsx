import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import type { TopologyLink } from './layout.ts'
import { PlugHandle } from './plug-handle.tsx'

export type WireFlowEdge = Edge<{ readonly link: TopologyLink; readonly labels: ReadonlyMap<string, string> }, 'wire'>

/** How far from the far end the handle stands: there each cable runs by itself, in the middle those of one switch run together. */
const INWARD = 13

export function WireEdge({ data, ...edge }: EdgeProps<WireFlowEdge>) {
  if (data === undefined) return null
  const { link, labels } = data
  const tunnel = link.kind === 'tunnel'
  const [path, middleX, middleY] = getSmoothStepPath({ ...edge, borderRadius: 6, offset: tunnel ? 26 : 8 })
  const beside = !tunnel && edge.sourceHandleId === 'r'
  const x = beside ? edge.targetX - INWARD : middleX
  const y = beside ? edge.targetY : middleY
  return (
    <>
      <BaseEdge path={path} className={`wire ${link.kind} ${link.up ? 'up' : 'down'}`} interactionWidth={0} />
      {(tunnel || link.pluggable) && (
        <EdgeLabelRenderer>
          <div className="wire-label" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            {tunnel ? <span className="wire-text">VPN</span> : <PlugHandle link={link} labels={labels} />}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
