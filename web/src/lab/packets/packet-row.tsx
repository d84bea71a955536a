import { memo } from 'react'
import type { PacketRow } from '../../../../durable/protocol.ts'
import { familyOf } from './family.ts'
import { shortTimeText, timeText } from './filter.ts'
import { shortAddress } from './short-address.ts'
import { fateOf, fateText, verdictSentence } from './verdict.ts'

type Props = {
  readonly row: PacketRow
  readonly selected: boolean
  /** One line of columns instead of two lines. */
  readonly wide: boolean
  readonly top: number
  readonly height: number
  readonly onSelect: (sequence: number) => void
}

export const PacketRowView = memo(function PacketRowView({ row, selected, wide, top, height, onSelect }: Props) {
  const fate = fateText(row)
  const direction = row.direction === 'in' ? 'into' : 'out of'
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus and names its active row
    <div
      id={`packet-row-${row.sequence}`}
      className={`packet-row ${familyOf(row.protocol)} ${fateOf(row)}`}
      role="option"
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={() => onSelect(row.sequence)}
    >
      <span className="time mono" title={`${timeText(row.time)} s`}>
        {shortTimeText(row.time)}
      </span>
      <span className="where" title={`Seen going ${direction} ${row.where}`}>
        <i aria-hidden="true">{row.direction === 'in' ? '→' : '←'}</i>
        <span className="visually-hidden">{direction} </span>
        {row.where}
      </span>
      <span className="from mono" title={row.source}>
        {wide ? row.source : shortAddress(row.source)}
      </span>
      <span className="to mono" title={row.destination}>
        {wide ? row.destination : shortAddress(row.destination)}
      </span>
      <span className="protocol">{row.protocol}</span>
      <span className="info" title={fate === '' ? row.info : verdictSentence(row)}>
        {fate !== '' && <em>{fate}: </em>}
        {row.info}
      </span>
    </div>
  )
})
