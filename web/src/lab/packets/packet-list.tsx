import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { PacketRow } from '../../../../durable/protocol.ts'
import { PacketRowView } from './packet-row.tsx'

type Props = {
  readonly rows: readonly PacketRow[]
  readonly selected: number | null
  readonly follow: boolean
  readonly onFollow: (follow: boolean) => void
  readonly onSelect: (sequence: number) => void
}

/** From this width on, a packet is one line of columns; below, two lines. */
const WIDE = 760
const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }

export function PacketList({ rows, selected, follow, onFollow, onSelect }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [wide, setWide] = useState(false)
  const [room, setRoom] = useState(0)
  const height = wide ? 24 : 43
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights have changed
  useEffect(() => list.measure(), [height])
  useEffect(() => {
    const size = new ResizeObserver(([entry]) => {
      setWide(entry.contentRect.width >= WIDE)
      setRoom(entry.contentRect.height)
    })
    size.observe(scroller.current!)
    return () => size.disconnect()
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: to the end whenever there is a new end
  useEffect(() => {
    if (follow && rows.length > 0) list.scrollToIndex(rows.length - 1, { align: 'end' })
  }, [follow, rows, height])

  const at = selected === null ? -1 : rows.findIndex((one) => one.sequence === selected)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the details open below and take room away from the list
  useEffect(() => {
    if (at >= 0 && !follow) list.scrollToIndex(at)
  }, [room, height])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(Math.max((at < 0 ? (step > 0 ? -1 : rows.length) : at) + step, 0), rows.length - 1)
    onSelect(rows[next].sequence)
    list.scrollToIndex(next)
  }

  return (
    <div
      className={`packet-scroll ${wide ? 'wide' : ''}`}
      ref={scroller}
      onWheel={(event) => event.deltaY < 0 && follow && onFollow(false)}
    >
      {wide && (
        <div className="packet-head" aria-hidden="true">
          {['Time', 'Seen at', 'Source', 'Destination', 'Protocol', 'Description'].map((one) => (
            <span key={one}>{one}</span>
          ))}
        </div>
      )}
      <div
        className="packet-list"
        role="listbox"
        aria-label="Packets, oldest first"
        tabIndex={0}
        aria-activedescendant={at < 0 ? undefined : `packet-row-${rows[at].sequence}`}
        style={{ height: list.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {list.getVirtualItems().map((item) => (
          <PacketRowView
            key={rows[item.index].sequence}
            row={rows[item.index]}
            selected={rows[item.index].sequence === selected}
            wide={wide}
            top={item.start}
            height={height}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  )
}
