import { lazy, Suspense, useState } from 'react'
import type { PacketDetail, PacketRow } from '../../../../durable/protocol.ts'
import type { Load } from '../../api/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Evidence } from '../why/why-sentence.tsx'
import { timeText } from './filter.ts'
import { HexDump } from './hex-dump.tsx'
import './packet-detail.css'
import { PacketTree } from './packet-tree.tsx'
import { fieldAt, type Range } from './ranges.ts'
import { useFromGuest } from './use-from-guest.ts'
import { fateOf, verdictSentence } from './verdict.ts'

const WhySection = lazy(() => import('../why/why-section.tsx'))

type Props = {
  readonly detail: Load<PacketDetail>
  /** Its end is explained. */
  readonly why: boolean
  /** Bytes that are marked while nothing else is pointed at. */
  readonly pinned: Range | null
  readonly onWhy: (why: boolean) => void
  readonly onOpen: (packet: number, sequence: number | null, bytes: Range | null) => void
  readonly onClose: () => void
  readonly onFollowPacket: (row: PacketRow) => void
  readonly seen: (packet: number) => number
}

export function PacketDetailView({ detail, ...rest }: Props) {
  if (detail.state === 'loading') return <Loading text="Decoding" />
  if (detail.state === 'failed') {
    return (
      <Notice title="This packet cannot be shown" tone="fail">
        <p>{detail.error.message}</p>
        <Button small onClick={rest.onClose}>
          Close
        </Button>
      </Notice>
    )
  }
  return <Decoded key={detail.value.sequence} packet={detail.value} {...rest} />
}

type DecodedProps = Omit<Props, 'detail'> & { readonly packet: PacketDetail }

function Decoded({ packet, why, pinned, onWhy, onOpen, onClose, onFollowPacket, seen }: DecodedProps) {
  const [pointed, setMarked] = useState<Range | null>(null)
  const marked = pointed ?? pinned
  const guest = useFromGuest(packet.packet)
  const onEvidence = (evidence: Evidence) => {
    if (evidence.kind === 'mark') setMarked(evidence.bytes)
    else onOpen(evidence.packet, evidence.sequence, evidence.bytes)
  }
  const dropped = fateOf(packet) === 'dropped'
  const places = seen(packet.packet)
  return (
    <>
      <div className="detail-bar">
        <span>
          {packet.length} bytes, {packet.direction === 'in' ? 'into' : 'out of'} {packet.where} at {timeText(packet.time)} s
        </span>
        <Button small aria-pressed={why} onClick={() => onWhy(!why)}>
          Why?
        </Button>
        {places > 1 && (
          <Button small onClick={() => onFollowPacket(packet)}>
            All {places} places
          </Button>
        )}
        <Button small quiet iconOnly aria-label="Close the packet" onClick={onClose}>
          <Icon name="cross" size={12} />
        </Button>
      </div>
      <div className="detail-body">
        <p className={dropped ? 'detail-verdict dropped' : 'detail-verdict'}>
          <Icon name={dropped ? 'warn' : 'check'} size={13} />
          {dropped ? 'Dropped. ' : ''}
          {verdictSentence(packet)}
        </p>
        {why && (
          <Suspense fallback={null}>
            <WhySection packet={packet.packet} sequence={packet.sequence} guest={guest} onEvidence={onEvidence} />
          </Suspense>
        )}
        <PacketTree layers={packet.layers} marked={marked} reveal={pinned} onMark={setMarked} />
        <HexDump
          hex={packet.bytes}
          length={packet.length}
          marked={marked}
          onMark={(at) => setMarked(at === null ? null : fieldAt(packet.layers, at))}
        />
      </div>
    </>
  )
}
