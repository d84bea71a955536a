import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath, getSmoothStepPath } from '@xyflow/react'
import { Icon } from '../../ui/icon.tsx'
import type { TopologyLink } from './layout.ts'
import { LinkMenu } from './link-menu.tsx'
import { linkText } from './words.ts'

export type WireFlowEdge = Edge<
  {
    readonly link: TopologyLink
    readonly name: string
    readonly open: boolean
    /** Where along the way the label stands, so that labels of neighbours do not meet. */
    readonly onToggle: (open: boolean) => void
  },
  'wire'
>

export function WireEdge({ data, ...edge }: EdgeProps<WireFlowEdge>) {
  if (data === undefined) return null
  const { link, name, open, onToggle } = data
  const [path, middleX, middleY] =
    link.kind === 'tunnel' ? getBezierPath({ ...edge, curvature: 0.4 }) : getSmoothStepPath({ ...edge, borderRadius: 6 })
  const text = linkText(link)
  // Beside the far end, where each link is by itself: in the middle, those of one switch run together.
  const flat = link.kind !== 'tunnel' && Math.abs(edge.sourceX - edge.targetX) > 30
  const x = flat ? edge.targetX + (edge.targetX > edge.sourceX ? -15 : 15) : middleX
  const y = flat ? edge.targetY : middleY
  return (
    <>
      <BaseEdge path={path} className={`wire ${link.kind} ${link.up ? 'up' : 'down'}`} interactionWidth={0} />
      {(text !== '' || link.pluggable) && (
        <EdgeLabelRenderer>
          <div
            className="wire-label nopan nodrag"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`, zIndex: open ? 5 : 1 }}
          >
            {link.pluggable ? (
              <button
                type="button"
                className={link.up ? '' : 'down'}
                aria-expanded={open}
                aria-label={`${name}, ${link.up ? 'plugged in' : 'unplugged'}`}
                title={name}
                onClick={() => onToggle(!open)}
              >
                <Icon name="plug" size={11} />
                {!link.up && text}
              </button>
            ) : (
              <span className={link.up ? '' : 'down'}>{text}</span>
            )}
            {open && <LinkMenu link={link} name={name} onClose={() => onToggle(false)} />}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
