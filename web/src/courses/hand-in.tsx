import { useState } from 'react'
import { type Assignment, coursesApi, type Work } from '../api/courses.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'

type Props = {
  readonly assignment: Pick<Assignment, 'id' | 'title'>
  readonly work: Work
  readonly small?: boolean
  readonly onDone: () => void
}

/** Hands the lab in, after a question that says what it means. */
export function HandIn({ assignment, work, small = false, onDone }: Props) {
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const { nextAttempt, attempts, moment } = work
  if (nextAttempt === null) return null
  const left = attempts === null ? null : attempts - work.submissions.length - 1
  const handIn = () => {
    setBusy(true)
    coursesApi
      .handIn(assignment.id, nextAttempt)
      .then(
        () => {
          toast(`${assignment.title} is handed in`)
          onDone()
        },
        (error: Error) => toast(`It was not handed in. ${error.message}`, 'fail'),
      )
      .finally(() => setBusy(false))
  }
  return (
    <>
      <Button small={small} primary={small} disabled={busy} onClick={() => setAsking(true)}>
        <Icon name="check" size={14} /> {busy ? 'Handing in…' : 'Hand in'}
      </Button>
      {asking && (
        <Confirm
          title={`Hand in ${assignment.title}?`}
          action="Hand in"
          danger={false}
          onConfirm={handIn}
          onClose={() => setAsking(false)}
        >
          Your lab is kept as it is now and graded; you can go on working in it.{' '}
          {left === null
            ? 'You can hand in again.'
            : left === 0
              ? 'This is the last time that you can hand in.'
              : `After this you can hand in ${left} more ${left === 1 ? 'time' : 'times'}.`}
          {moment.state === 'late' && moment.latePercent > 0
            ? ` It is late: ${moment.latePercent} % of the points are taken off.`
            : ''}
          {work.group === null ? '' : ' You hand in for your whole group.'}
        </Confirm>
      )}
    </>
  )
}
