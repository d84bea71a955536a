import { useState } from 'react'
import type { PacketDetail, ReplayReport } from '../../../../durable/protocol.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { timeText } from '../packets/filter.ts'
import { HexDump } from '../packets/hex-dump.tsx'
import { PacketTree } from '../packets/packet-tree.tsx'
import { fieldAt, type Range } from '../packets/ranges.ts'
import { momentText, type Starts } from '../time/moment.ts'
import { firstApart } from './bytes-apart.ts'
import './replay-difference.css'

type Difference = NonNullable<ReplayReport['difference']>
type Props = { readonly difference: Difference; readonly starts: Starts; readonly onClose: () => void }

/** What was recorded and what came now, side by side, with the first bytes that differ marked in both. */
export default function ReplayDifference({ difference, starts, onClose }: Props) {
  const { line, what, recorded, again, recordedPacket, againPacket } = difference
  const apart = recordedPacket === null || againPacket === null ? null : firstApart(recordedPacket.bytes, againPacket.bytes)
  const side = (title: string, text: string, packet: PacketDetail | null) => (
    <section className="side" aria-label={title}>
      <h4>{title}</h4>
      {text !== '' && <pre>{text}</pre>}
      {packet === null ? <p>There is no packet here.</p> : <SidePacket packet={packet} apart={apart} starts={starts} />}
    </section>
  )
  return (
    <Dialog title={`Line ${line}: ${what}`} onClose={onClose}>
      <div className="sides">
        {side('Recorded', recorded, recordedPacket)}
        {side('Run again', again, againPacket)}
      </div>
    </Dialog>
  )
}

function SidePacket({ packet, apart, starts }: { packet: PacketDetail; apart: Range | null; starts: Starts }) {
  const [marked, setMarked] = useState<Range | null>(null)
  const shown = marked ?? apart
  return (
    <div className="side-packet">
      <p>
        {packet.direction === 'in' ? 'Into' : 'Out of'} {packet.where} at {timeText(packet.time)} s (
        {momentText(packet.time, starts)}): {packet.protocol}, {packet.info}
      </p>
      <PacketTree layers={packet.layers} marked={shown} reveal={apart} onMark={setMarked} />
      <HexDump
        hex={packet.bytes}
        length={packet.length}
        marked={shown}
        onMark={(at) => setMarked(at === null ? null : fieldAt(packet.layers, at))}
      />
    </div>
  )
}
