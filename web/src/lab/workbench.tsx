import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import type { LabSummary } from '../api/client.ts'
import type { Reloadable } from '../api/use-load.ts'
import { Boundary } from '../ui/boundary.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { BriefPane } from './brief/brief-pane.tsx'
import { type Cited, citedIn } from './cited.ts'
import { PacketPane, type PacketSubset } from './packets/packet-pane.tsx'
import { TerminalPane } from './terminal/terminal-pane.tsx'
import { ClockBar } from './time/clock-bar.tsx'
import { startsOf } from './time/moment.ts'
import { type Sizes, useSizes } from './use-sizes.ts'

const TimelinePane = lazy(() => import('./timeline/timeline-pane.tsx'))
const TableDialog = lazy(() => import('./why/table-dialog.tsx'))
const TopologyPane = lazy(() => import('./topology/topology-pane.tsx'))

type Zoomable = 'topology' | 'terminal' | 'packets'

type Props = { readonly id: string; readonly summary: Reloadable<LabSummary> }

/** The working area: time, brief or timeline, network, terminals, packets, with bars between them to pull. */
export function Workbench({ id, summary }: Props) {
  const [sizes, setSize] = useSizes()
  const [zoomed, setZoomed] = useState<Zoomable | null>(null)
  const [subset, setSubset] = useState<PacketSubset | null>(null)
  const [timeline, setTimeline] = useState(false)
  /** The line that the timeline was opened for. */
  const [wanted, setWanted] = useState<{ readonly line: number } | null>(null)
  const starts = useMemo(() => (summary.state === 'ready' ? startsOf(summary.value) : null), [summary])
  const left = timeline ? 'timeline' : 'brief'
  const zoom = (pane: Zoomable, label: string) => ({
    label,
    zoomed: zoomed === pane,
    onZoom: () => setZoomed(zoomed === pane ? null : pane),
  })
  const showPackets = useCallback((title: string, packets: readonly number[]) => {
    setZoomed(null)
    setSubset({ title, packets: new Set(packets) })
  }, [])
  const showLine = useCallback((line: number) => {
    setTimeline(true)
    setWanted({ line })
  }, [])
  const [row, setRow] = useState<Cited['row']>(null)
  // A link from a grade or a message opens the lab at what it is about.
  useEffect(() => {
    const cited = citedIn(window.location.search)
    if (cited.packets !== null) showPackets(cited.packets.title, cited.packets.packets)
    if (cited.line !== null) showLine(cited.line)
    setRow(cited.row)
  }, [showPackets, showLine])
  const toggleTimeline = () => {
    setTimeline(!timeline)
    setWanted(null)
  }
  const bar = (label: string, key: keyof Sizes, axis: 'column' | 'row', min: number, max: number, sign: 1 | -1 = 1) => (
    <Splitter {...{ label, axis, min, max, sign }} size={sizes[key]} onSize={(size) => setSize(key, size)} />
  )

  return (
    <>
      <ClockBar starts={starts} onShowPackets={showPackets}>
        <Button small aria-pressed={timeline} onClick={toggleTimeline}>
          <Icon name="history" size={14} /> Timeline
        </Button>
      </ClockBar>
      <main className={`workbench ${zoomed === null ? '' : `zoom-${zoomed}`}`}>
        <div className="slot-brief" style={{ width: sizes[left] }}>
          <div className="slot-layer" hidden={timeline}>
            <Boundary>
              <BriefPane id={id} summary={summary} onShowPackets={showPackets} onShowLine={showLine} />
            </Boundary>
          </div>
          {timeline && (
            <Boundary>
              <Suspense fallback={<Loading text="Opening the timeline" />}>
                <TimelinePane wanted={wanted} starts={starts} onShowPackets={showPackets} onClose={toggleTimeline} />
              </Suspense>
            </Boundary>
          )}
        </div>
        {bar(`Width of the ${left}`, left, 'column', timeline ? 280 : 200, 640)}
        <div className="stage">
          <div className="slot-topology" style={{ height: sizes.topology }}>
            <Boundary>
              <Suspense fallback={<Loading text="Drawing the network" />}>
                <TopologyPane zoom={zoom('topology', 'network')} />
              </Suspense>
            </Boundary>
          </div>
          {bar('Height of the network', 'topology', 'row', 120, 640)}
          <div className="lower">
            <div className="slot-terminal">
              <Boundary>
                <TerminalPane zoom={zoom('terminal', 'terminal')} onShowPackets={showPackets} />
              </Boundary>
            </div>
            {bar('Width of the packet list', 'packets', 'column', 260, 900, -1)}
            <div className="slot-packets" style={{ width: sizes.packets }}>
              <Boundary>
                <PacketPane
                  id={id}
                  zoom={zoom('packets', 'packet list')}
                  subset={subset}
                  onSubset={setSubset}
                  onShowPackets={showPackets}
                  onShowLine={showLine}
                />
              </Boundary>
            </div>
          </div>
        </div>
      </main>
      {row !== null && (
        <Suspense fallback={null}>
          <TableDialog {...row} onClose={() => setRow(null)} />
        </Suspense>
      )}
    </>
  )
}
