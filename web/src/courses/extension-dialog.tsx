import { useCallback, useState } from 'react'
import { type Assignment, coursesApi, type Extension, type TableRow } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/tell.ts'
import { Field, Loaded } from './parts.tsx'
import { fromInput, toInput } from './words.ts'

type Props = {
  readonly assignment: Assignment
  readonly row: TableRow
  readonly onDone: () => void
  readonly onClose: () => void
}

const DAY = 86_400_000
const steps = [
  { days: 1, text: 'One day' },
  { days: 3, text: 'Three days' },
  { days: 7, text: 'One week' },
]

/** More time or attempts, for a student or all of a group. */
export function ExtensionDialog({ assignment, row, onDone, onClose }: Props) {
  const extensions = useLoad(useCallback(() => coursesApi.extensions(assignment.id), [assignment.id]))
  return (
    <Dialog title={`More time for ${row.name}`} onClose={onClose}>
      <Loaded load={extensions} what="the extensions">
        {({ extensions: list }) => (
          <ExtensionForm
            assignment={assignment}
            row={row}
            before={list.find(({ person }) => row.members.some(({ id }) => id === person.id))}
            onDone={onDone}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Dialog>
  )
}

function ExtensionForm({ assignment, row, before, onDone, onClose }: Props & { readonly before: Extension | undefined }) {
  const [due, setDue] = useState(toInput(before?.dueAt ?? assignment.dueAt))
  const [extra, setExtra] = useState(String(before?.extraAttempts ?? 0))
  const [reason, setReason] = useState(before?.reason ?? '')
  const after = (days: number) => {
    const from = assignment.dueAt === null ? Date.now() : new Date(assignment.dueAt).getTime()
    setDue(toInput(new Date(Math.max(from, Date.now()) + days * DAY).toISOString()))
  }
  const each = (work: (person: string) => Promise<unknown>, said: string) =>
    tell(Promise.all(row.members.map(({ id }) => work(id))), said, () => {
      onDone()
      onClose()
    })
  const body = { dueAt: fromInput(due), extraAttempts: Number(extra), reason }
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        void each((person) => coursesApi.extend(assignment.id, person, body), `${row.name} has more time`)
      }}
    >
      <Field label="Due for them">
        <input className="field" type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
      </Field>
      <div className="course-actions">
        {steps.map(({ days, text }) => (
          <Button key={days} small onClick={() => after(days)}>
            {text} more
          </Button>
        ))}
      </div>
      {assignment.attempts !== null && (
        <Field label="Further attempts">
          <input
            className="field"
            type="number"
            min={0}
            max={100}
            required
            value={extra}
            onChange={(event) => setExtra(event.target.value)}
          />
        </Field>
      )}
      <Field label="Reason" hint="The student reads it.">
        <input className="field" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className="course-actions">
        <Button type="submit" primary>
          Give it
        </Button>
        {before !== undefined && (
          <Button
            onClick={() =>
              void each(
                (person) => coursesApi.endExtension(assignment.id, person).catch(() => undefined),
                `${row.name} has the same time as all`,
              )
            }
          >
            Take it back
          </Button>
        )}
      </div>
    </form>
  )
}
