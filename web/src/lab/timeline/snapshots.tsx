import { useState } from 'react'
import type { History } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLab } from '../lab-context.ts'
import { momentText, type Starts } from '../time/moment.ts'
import { beginning } from './line-words.ts'
import type { Travel } from './use-travel.tsx'

type Snapshot = History['snapshots'][number]
type Props = {
  readonly snapshots: readonly Snapshot[]
  readonly starts: Starts
  readonly travel: Travel
  readonly onTaken: () => void
}

/** Moments with a name. Those that the lab takes by itself stand apart. */
export function Snapshots({ snapshots, starts, travel, onTaken }: Props) {
  const { id } = useLab()
  const [name, setName] = useState('')
  const [all, setAll] = useState(false)
  const named = snapshots.filter((one) => !one.automatic)
  const automatic = snapshots.length - named.length
  const take = () =>
    api.snapshot(id, name.trim()).then(
      () => {
        toast(`Snapshot taken: ${name.trim()}`)
        setName('')
        onTaken()
      },
      (error: Error) => toast(`No snapshot was taken. ${error.message}`, 'fail'),
    )
  return (
    <section className="snapshots" aria-label="Snapshots">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') void take()
        }}
      >
        <input
          className="field small"
          aria-label="Name of the snapshot"
          placeholder="Name this moment"
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button small type="submit" disabled={name.trim() === ''}>
          <Icon name="flag" size={12} /> Take a snapshot
        </Button>
      </form>
      {snapshots.length > 0 && (
        <ul>
          {(all ? snapshots : named).map((one) => (
            <li key={`${one.name} ${one.line} ${one.automatic}`}>
              <Icon name="flag" size={12} />
              <span>
                {one.automatic ? `After line ${one.line}` : one.name}
                <small>{momentText(one.at, starts)}</small>
              </span>
              <Button
                small
                quiet
                aria-label={`Rewind to the snapshot ${one.name}`}
                onClick={() =>
                  travel.rewind(travel.find(one.line) ?? { ...beginning, id: one.line, line: one.name, kind: 'snapshot' })
                }
              >
                Rewind
              </Button>
            </li>
          ))}
        </ul>
      )}
      {automatic > 0 && (
        <Button small quiet aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Only those with a name' : `And ${automatic} that the lab took by itself`}
        </Button>
      )}
    </section>
  )
}
