import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { HistoryLine } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy.ts'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLab } from '../lab-context.ts'
import { nameOfLine } from './line-words.ts'
import type { Travel } from './use-travel.tsx'

const CauseList = lazy(() => import('../why/cause-list.tsx'))

type Props = {
  readonly line: HistoryLine
  readonly travel: Travel
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
}

const MOST = 500

/** What can be done with one line of the journal. */
export default function LineActions({ line, travel, onShowPackets }: Props) {
  const { id: lab } = useLab()
  const [why, setWhy] = useState(false)
  const actions = useRef<HTMLDivElement>(null)
  useEffect(() => {
    actions.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const { id, kind, exitStatus } = line

  const showPackets = () =>
    api.packets(lab, { after: -1, limit: MOST, command: id }).then(
      ({ packets }) => {
        if (packets.length === 0) toast('It caused no packets, or they are older than what the lab keeps.')
        else onShowPackets(nameOfLine(line), [...new Set(packets.map((one) => one.packet))])
      },
      (error: Error) => toast(`Its packets did not load. ${error.message}`, 'fail'),
    )

  return (
    <>
      <div className="line-actions" ref={actions}>
        {(line.current || kind !== 'notice') && (
          <Button small onClick={() => travel.rewind(line)}>
            <Icon name="rewind" size={13} /> Rewind to here
          </Button>
        )}
        <Button small onClick={() => void travel.fork(line)}>
          <Icon name="fork" size={13} /> Fork from here
        </Button>
        <Button
          small
          onClick={() =>
            void copyText(
              `${window.location.origin}/labs/${lab}?at=${id}`,
              'Copied: whoever may open this lab sees it as it was here.',
            )
          }
        >
          <Icon name="link" size={13} /> Copy link to this moment
        </Button>
        {travel.mayUndo(line) && (
          <Button small onClick={() => void travel.undo(line)}>
            <Icon name="undo" size={13} /> Undo
          </Button>
        )}
        {id > 0 && (
          <Button small onClick={() => void showPackets()}>
            Show its packets
          </Button>
        )}
        {kind === 'exec' && exitStatus !== null && exitStatus !== 0 && (
          <Button small aria-expanded={why} onClick={() => setWhy(!why)}>
            Why nothing?
          </Button>
        )}
      </div>
      {why && (
        <Suspense fallback={null}>
          <CauseList job={String(id)} onShowPackets={onShowPackets} />
        </Suspense>
      )}
    </>
  )
}
