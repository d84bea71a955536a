import { useCallback } from 'react'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import './why.css'

type Props = {
  readonly job: string
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
}

/** Why a command got nothing: the likeliest cause first, each with the packets that show it. */
export default function CauseList({ job, onShowPackets }: Props) {
  const { id } = useLab()
  const topology = useLabState((state) => state.topology)
  const found = useLoad(useCallback(() => api.whyNothing(id, job), [id, job]))
  if (found.state === 'failed') return <p className="cause-list failed">{found.error.message}</p>
  if (found.state === 'loading') {
    return (
      <p className="cause-list" role="status">
        Finding out what it waited for…
      </p>
    )
  }
  const { healthy, causes } = found.value
  const labelOf = (machine: string) => topology?.nodes.find((one) => one.name === machine)?.label ?? machine
  if (causes.length === 0) {
    return (
      <p className="cause-list">
        <Icon name={healthy ? 'check' : 'question'} size={13} />{' '}
        {healthy ? 'Nothing in the network stood in its way.' : 'No cause was found in what the lab keeps.'}
      </p>
    )
  }
  return (
    <ol className="cause-list">
      {causes.map(({ kind, machine, text, packets }) => (
        <li key={`${kind} ${machine} ${text}`}>
          <span>
            {machine !== null && <strong>{labelOf(machine)}: </strong>}
            {text}
          </span>
          {packets.length > 0 && (
            <Button small onClick={() => onShowPackets(text, packets)}>
              Show {packets.length === 1 ? 'the packet' : `${packets.length} packets`}
            </Button>
          )}
        </li>
      ))}
    </ol>
  )
}
