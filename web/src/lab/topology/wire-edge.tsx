import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import type { TopologyLink } from './layout.ts'
import { PlugHandle } from './plug-handle.tsx'

export type WireFlowEdge = Edge<
  {
    readonly link: TopologyLink
    readonly labels: ReadonlyMap<string, string>
    /** At which end the handle stands: where the cable runs by itself. */
    readonly handleAt: 'source' | 'target'
  },
  'wire'
>

/** How far from that end; in the middle, the cables of one switch run together. */
const INWARD = 13

export function WireEdge({ data, ...edge }: EdgeProps<WireFlowEdge>) {
  if (data === undefined) return null
  const { link, labels, handleAt } = data
  const tunnel = link.kind === 'tunnel'
  const [path, middleX, middleY] = getSmoothStepPath({ ...edge, borderRadius: 6, offset: tunnel ? 26 : 8 })
  const beside = !tunnel && edge.sourceHandleId === 'r'
  const [endX, endY] = handleAt === 'target' ? [edge.targetX - INWARD, edge.targetY] : [edge.sourceX + INWARD, edge.sourceY]
  const [x, y] = beside ? [endX, endY] : [middleX, middleY]
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
