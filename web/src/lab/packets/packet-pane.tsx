import { useDeferredValue, useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Splitter } from '../../ui/splitter.tsx'
import { useLab, usePackets } from '../lab-context.ts'
import { PaneZoom, type PaneZoomProps } from '../pane-zoom.tsx'
import { filterRows } from './filter.ts'
import { PacketDetailView } from './packet-detail.tsx'
import { PacketList } from './packet-list.tsx'
import './packets.css'
import { usePacketDetail } from './use-packet-detail.ts'

/** Some packets by name: what a command or a check is about. */
export type PacketSubset = { readonly title: string; readonly packets: ReadonlySet<number> }

type Props = {
  readonly id: string
  readonly zoom: PaneZoomProps
  readonly subset: PacketSubset | null
  readonly onSubset: (subset: PacketSubset | null) => void
}

export function PacketPane({ id, zoom, subset, onSubset }: Props) {
  const lab = useLab()
  const rows = usePackets()
  const [filter, setFilter] = useState('')
  const [follow, setFollow] = useState(true)
  const [selected, setSelected] = useState<number | null>(null)
  const [detailHeight, setDetailHeight] = useState(256)
  const wanted = useDeferredValue(filter)
  const shown = useMemo(() => filterRows(rows, wanted, subset?.packets ?? null), [rows, wanted, subset])
  const detail = usePacketDetail(id, selected)

  const select = (sequence: number | null) => {
    setSelected(sequence)
    if (sequence !== null) setFollow(false)
  }

  return (
    <section className="pane packet-pane" aria-label="Packets">
      <div className="pane-bar">
        <h2>Packets</h2>
        <span className="packet-count" role="status">
          {shown.length === rows.length ? rows.length : `${shown.length} of ${rows.length}`}
        </span>
        <input
          className="field packet-filter"
          type="search"
          placeholder="Filter: dns, arp, an address"
          aria-label="Show only packets that contain these words"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
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
        ) : (
          <Notice title="No packet matches">
            <p>
              {subset !== null && wanted === ''
                ? 'The lab keeps the newest packets only; these are older.'
                : 'Every word of the filter must stand somewhere in the row.'}
            </p>
            <Button
              small
              onClick={() => {
                setFilter('')
                onSubset(null)
              }}
            >
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
