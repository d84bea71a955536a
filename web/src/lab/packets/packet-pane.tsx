import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Splitter } from '../../ui/splitter.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLab, usePackets } from '../lab-context.ts'
import { PaneZoom, type PaneZoomProps } from '../pane-zoom.tsx'
import { filterRows } from './filter.ts'
import { FILTER_FAULT, FilterBox } from './filter-box.tsx'
import { PacketDetailView } from './packet-detail.tsx'
import { PacketList } from './packet-list.tsx'
import './packets.css'
import type { Range } from './ranges.ts'
import { useFilter } from './use-filter.ts'
import { useMatching } from './use-matching.ts'
import { usePacketDetail } from './use-packet-detail.ts'

const AskBox = lazy(() => import('./ask-box.tsx'))

/** With an explanation above it, a packet needs more room. */
const WHY_HEIGHT = 440

/** Some packets by name: what a command or a check is about. */
export type PacketSubset = { readonly title: string; readonly packets: ReadonlySet<number> }

type Props = {
  readonly id: string
  readonly zoom: PaneZoomProps
  readonly subset: PacketSubset | null
  readonly onSubset: (subset: PacketSubset | null) => void
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onShowLine: (line: number) => void
}

export function PacketPane({ id, zoom, subset, onSubset, onShowPackets, onShowLine }: Props) {
  const lab = useLab()
  const rows = usePackets()
  const [filter, setFilter] = useState('')
  const [follow, setFollow] = useState(true)
  const [selected, setSelected] = useState<number | null>(null)
  const [detailHeight, setDetailHeight] = useState(256)
  const [asking, setAsking] = useState(false)
  const [why, setWhy] = useState(false)
  const [pinned, setPinned] = useState<{ readonly sequence: number; readonly bytes: Range | null } | null>(null)
  const { display, words, fault } = useFilter(filter)
  const matching = useMatching(display)
  const wanted = useDeferredValue(words)
  const all = display === '' ? rows : matching.rows
  const shown = useMemo(() => filterRows(all, wanted, subset?.packets ?? null), [all, wanted, subset])
  const detail = usePacketDetail(id, selected)
  const complaint = fault?.message ?? matching.refused

  const select = (sequence: number | null) => {
    setSelected(sequence)
    setPinned(null)
    if (sequence !== null) setFollow(false)
  }
  const showAll = () => {
    setFilter('')
    onSubset(null)
  }
  /** Another packet, or the same at another place, with the bytes that matter marked. */
  const open = (packet: number, sequence: number | null, bytes: Range | null) => {
    const at = sequence ?? lab.packets.rows.find((one) => one.packet === packet)?.sequence
    if (at === undefined) return toast('This packet is not kept any more.', 'fail')
    if (!shown.some((one) => one.sequence === at)) showAll()
    select(at)
    setPinned({ sequence: at, bytes })
  }

  return (
    <section className="pane packet-pane" aria-label="Packets">
      <div className="pane-bar">
        <h2>Packets</h2>
        <span className="packet-count" role="status">
          {shown.length === rows.length ? rows.length : `${shown.length} of ${rows.length}`}
        </span>
        <FilterBox text={filter} fault={fault} onText={setFilter} />
        <Button
          small
          iconOnly
          aria-pressed={asking}
          aria-label="Ask about what has happened"
          title="Ask about what has happened"
          onClick={() => setAsking(!asking)}
        >
          <Icon name="question" size={14} />
        </Button>
        <Button
          small
          iconOnly
          aria-pressed={follow}
          aria-label="Follow the newest packet"
          title="Follow the newest packet"
          onClick={() => setFollow(!follow)}
        >
          <Icon name="follow" size={14} />
        </Button>
        <PaneZoom {...zoom} />
      </div>
      {complaint !== '' && (
        <p className="filter-fault" id={FILTER_FAULT} role="alert">
          <Icon name="warn" size={13} /> {complaint}
        </p>
      )}
      {asking && (
        <Suspense fallback={null}>
          <AskBox {...{ onShowPackets, onShowLine }} onClose={() => setAsking(false)} />
        </Suspense>
      )}
      {subset !== null && (
        <div className="packet-subset">
          <span>
            Only what belongs to <strong>{subset.title}</strong>
          </span>
          <Button small onClick={() => onSubset(null)}>
            Show all
          </Button>
        </div>
      )}
      <div className="packet-body">
        {shown.length > 0 ? (
          <PacketList rows={shown} selected={selected} follow={follow} onFollow={setFollow} onSelect={select} />
        ) : rows.length === 0 ? (
          <Notice title="No packets yet">
            <p>Whatever crosses a wire in this lab appears here. A ping in one of the terminals is enough.</p>
          </Notice>
        ) : matching.state === 'loading' ? (
          <Loading text="Filtering" />
        ) : (
          <Notice title="No packet matches">
            <p>
              {subset !== null && wanted === ''
                ? 'The lab keeps the newest packets only; these are older.'
                : display !== ''
                  ? 'The lab keeps no packet that this display filter lets pass.'
                  : 'Every word of the filter must stand somewhere in the row.'}
            </p>
            <Button small onClick={showAll}>
              Show all packets
            </Button>
          </Notice>
        )}
      </div>
      {detail !== null && (
        <>
          <Splitter
            label="Height of the packet details"
            axis="row"
            size={detailHeight}
            min={100}
            max={560}
            sign={-1}
            onSize={setDetailHeight}
          />
          <div className="packet-detail" style={{ height: detailHeight }}>
            <PacketDetailView
              detail={detail}
              why={why}
              pinned={pinned !== null && pinned.sequence === selected ? pinned.bytes : null}
              onWhy={(wants) => {
                setWhy(wants)
                if (wants) setDetailHeight((height) => Math.max(height, WHY_HEIGHT))
              }}
              onOpen={open}
              onClose={() => select(null)}
              onFollowPacket={(row) => {
                setFilter('')
                onSubset({ title: `${row.protocol}, ${row.info}`, packets: new Set([row.packet]) })
              }}
              seen={(packet) => lab.packets.rows.filter((one) => one.packet === packet).length}
            />
          </div>
        </>
      )}
    </section>
  )
}
