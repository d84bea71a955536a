import { type PointerEvent, useEffect, useMemo, useState } from 'react'
import { hexOf, hexToBytes, type Range, textOf } from './ranges.ts'
import { useMarkInView } from './use-mark-in-view.ts'

type Props = {
  readonly hex: string
  readonly length: number
  readonly marked: Range | null
  readonly onMark: (at: number | null) => void
}

/** Width at which sixteen bytes, their places and their characters fit side by side. */
const SIXTEEN = 560

export function HexDump({ hex, length, marked, onMark }: Props) {
  const box = useMarkInView<HTMLElement>(marked)
  const [perRow, setPerRow] = useState(8)
  const bytes = useMemo(() => hexToBytes(hex), [hex])
  useEffect(() => {
    const size = new ResizeObserver(([entry]) => setPerRow(entry.contentRect.width >= SIXTEEN ? 16 : 8))
    size.observe(box.current!)
    return () => size.disconnect()
  }, [box])
  const rows = Array.from({ length: Math.ceil(bytes.length / perRow) }, (_, index) => index * perRow)
  const cell = (at: number, text: string) => (
    <span key={at} data-at={at} className={marked !== null && at >= marked.from && at < marked.to ? 'marked' : undefined}>
      {text}
    </span>
  )
  const onPointerOver = (event: PointerEvent) => {
    const at = (event.target as HTMLElement).dataset['at']
    onMark(at === undefined ? null : Number(at))
  }
  return (
    <section
      ref={box}
      className="hex-dump mono"
      aria-label="Bytes"
      onPointerOver={onPointerOver}
      onPointerLeave={() => onMark(null)}
    >
      {rows.map((row) => {
        const part = bytes.slice(row, row + perRow)
        return (
          <div key={row} className="hex-row">
            <span className="hex-place">{row.toString(16).padStart(4, '0')}</span>
            <span className="hex-bytes" style={{ width: `${perRow * 3}ch` }}>
              {part.map((byte, index) => cell(row + index, hexOf(byte)))}
            </span>
            <span className="hex-text" aria-hidden="true">
              {part.map((byte, index) => cell(row + index, textOf(byte)))}
            </span>
          </div>
        )
      })}
      {bytes.length < length && (
        <p>
          The lab kept the first {bytes.length} of {length} bytes.
        </p>
      )}
    </section>
  )
}
