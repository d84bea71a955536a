import { useState } from 'react'
import type { Task } from '../../../../durable/grading/report.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLabState } from '../lab-context.ts'
import { looksOn } from '../lab-state.ts'

const points = (cost: number) => (cost === 1 ? '1 point' : `${cost} points`)

type Props = { readonly id: string; readonly task: Task; readonly onChanged: () => void }

/** The hints that were read, and the next one; what costs something is asked about first. */
export function Hints({ id, task, onChanged }: Props) {
  const [asking, setAsking] = useState(false)
  const looks = useLabState(looksOn)
  const { of, read, next } = task.hints
  if (of === 0) return null
  const number = read.length + 1
  const take = () => {
    api
      .hint(id, task.id, number)
      .then(onChanged, (error: Error) => toast(`There is no hint now. ${error.message}`, 'fail'))
      .finally(() => setAsking(false))
  }
  return (
    <div className="hints">
      {read.length > 0 && (
        <ol aria-label={`Hints that were read: ${task.title}`}>
          {read.map(({ text, cost }) => (
            <li key={text}>
              {text}
              {cost > 0 && <span className="hint-cost"> cost {points(cost)}</span>}
            </li>
          ))}
        </ol>
      )}
      {next !== null && !looks && (
        <Button small quiet onClick={() => (next > 0 ? setAsking(true) : take())}>
          Hint {number} of {of}
          {next > 0 ? `, costs ${points(next)}` : ', free'}
        </Button>
      )}
      {asking && next !== null && (
        <Confirm
          title={`Read hint ${number} of ${of}?`}
          action="Read it"
          danger={false}
          onConfirm={take}
          onClose={() => setAsking(false)}
        >
          <p>
            It costs {points(next)} of the {points(task.points)} of “{task.title}”. A hint that was read stays read, also when the
            lab is taken back or reset.
          </p>
        </Confirm>
      )}
    </div>
  )
}
