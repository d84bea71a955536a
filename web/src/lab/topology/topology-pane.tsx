import '@xyflow/react/dist/base.css'
import { ConnectionMode, ReactFlow, type ReactFlowInstance } from '@xyflow/react'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { machineOf } from '../lab-state.ts'
import { PaneZoom, type PaneZoomProps } from '../pane-zoom.tsx'
import { type CaseFlowNode, CaseNode } from './case-node.tsx'
import { describe, toFlow } from './flow.ts'
import { type MachineFlowNode, MachineNode } from './machine-node.tsx'
import './topology.css'
import { WireEdge, type WireFlowEdge } from './wire-edge.tsx'

const PortsDialog = lazy(() => import('../ports/ports-dialog.tsx'))

const nodeTypes = { machine: MachineNode, case: CaseNode }
const edgeTypes = { wire: WireEdge }
const FIT = { padding: 0.03, maxZoom: 1.1 }

type Flow = ReactFlowInstance<MachineFlowNode | CaseFlowNode, WireFlowEdge>

export default function TopologyPane({ zoom }: { readonly zoom: PaneZoomProps }) {
  const lab = useLab()
  const topology = useLabState((state) => state.topology)
  const active = useLabState((state) => state.active)
  const consoles = useLabState((state) => state.consoles)
  const [flow, setFlow] = useState<Flow | null>(null)
  const [plugging, setPlugging] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  /** Somebody has moved the drawing; from then on it stays where it was put. */
  const moved = useRef(false)

  const openMachine = useCallback(
    (machine: string) => {
      const name = [...lab.state.get().consoles.keys()].find((one) => machineOf(one) === machine)
      if (name !== undefined) lab.activate(name)
    },
    [lab],
  )
  const hasConsoles = consoles.size > 0
  const drawn = useMemo(() => {
    if (topology === null) return null
    const activeMachine = active === null || !hasConsoles ? null : machineOf(active)
    return toFlow(topology, { activeMachine, onOpenMachine: openMachine })
  }, [topology, active, hasConsoles, openMachine])

  const fit = useCallback(() => {
    moved.current = false
    void flow?.fitView(FIT)
  }, [flow])
  const shape = topology?.nodes.map((one) => `${one.name} ${one.addresses.length}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: fits again when boxes come, go or grow
  useEffect(() => {
    if (flow === null || frame.current === null) return
    const again = () => void (moved.current || requestAnimationFrame(() => void flow.fitView(FIT)))
    again()
    const size = new ResizeObserver(again)
    size.observe(frame.current)
    return () => size.disconnect()
  }, [flow, shape])

  return (
    <section className="pane topology-pane" aria-label="Network">
      <div className="pane-bar">
        <h2>Network</h2>
        <span className="grow" />
        <Button small quiet onClick={() => setPlugging(true)} title="Plug in a real machine">
          <Icon name="real" size={14} /> Real machines
        </Button>
        <Button small quiet iconOnly aria-label="Smaller" title="Smaller" onClick={() => void flow?.zoomOut()}>
          <Icon name="minus" size={14} />
        </Button>
        <Button small quiet iconOnly aria-label="Larger" title="Larger" onClick={() => void flow?.zoomIn()}>
          <Icon name="plus" size={14} />
        </Button>
        <Button small quiet iconOnly aria-label="Show the whole network" title="Show the whole network" onClick={fit}>
          <Icon name="fit" size={14} />
        </Button>
        <PaneZoom {...zoom} />
      </div>
      {plugging && (
        <Suspense>
          <PortsDialog onClose={() => setPlugging(false)} />
        </Suspense>
      )}
      <div className="topology-frame" ref={frame}>
        {drawn === null || topology === null ? (
          <Loading text="Waiting for the lab" />
        ) : (
          <>
            <p className="visually-hidden">{describe(topology)}</p>
            <ReactFlow<MachineFlowNode | CaseFlowNode, WireFlowEdge>
              nodes={drawn.nodes}
              edges={drawn.edges}
              nodeTypes={nodeTypes}
              edgeTypes={edgeTypes}
              onInit={setFlow}
              onMoveStart={(event) => {
                if (event !== null) moved.current = true
              }}
              fitView
              fitViewOptions={FIT}
              minZoom={0.25}
              maxZoom={2}
              connectionMode={ConnectionMode.Loose}
              nodesDraggable={false}
              nodesConnectable={false}
              nodesFocusable={false}
              edgesFocusable={false}
              elementsSelectable={false}
              zoomOnDoubleClick={false}
              proOptions={{ hideAttribution: true }}
            />
          </>
        )}
      </div>
    </section>
  )
}
