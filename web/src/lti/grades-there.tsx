import { useCallback, useState } from 'react'
import { lti, type ReturnedGrade } from '../api/lti.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { StateMark } from './state-mark.tsx'

/** What the platform was told about grades, and what it would not take. */
export function GradesThere({ context }: { readonly context: string }) {
  const grades = useLoad(useCallback(() => lti.grades(context), [context]))
  const [busy, setBusy] = useState(false)
  const send = () => {
    setBusy(true)
    lti
      .sendGrades(context)
      .then(
        ({ sending }) => {
          toast(sending === 0 ? 'Nobody from there has handed in yet' : `${sending} grades are on their way`)
          grades.reload()
        },
        (error: Error) => toast(error.message, 'fail'),
      )
      .finally(() => setBusy(false))
  }
  if (grades.state === 'loading') return <span className="skeleton" style={{ height: 60 }} role="status" aria-label="Loading" />
  if (grades.state === 'failed')
    return (
      <Notice title="The grades did not load" tone="fail">
        <p>{grades.error.message}</p>
      </Notice>
    )
  const rows = grades.value.grades
  return (
    <>
      {rows.length === 0 ? (
        <p className="lti-lead">No grade was sent yet.</p>
      ) : (
        <div className="lti-scroll">
          <table className="lti-table">
            <thead>
              <tr>
                <th scope="col">Assignment</th>
                <th scope="col">Student</th>
                <th scope="col" className="number">
                  Points there
                </th>
                <th scope="col">State</th>
                <th scope="col">Time</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.assignment.id} ${row.person.id}`}>
                  <td>{row.assignment.title}</td>
                  <td>{row.person.name}</td>
                  <td className="number">{row.points === null ? '–' : `${row.points} / ${row.of}`}</td>
                  <td>
                    <State row={row} />
                  </td>
                  <td>{whenText(row.updatedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="lti-row">
        <Button small disabled={busy} onClick={send}>
          Send all grades again
        </Button>
        <Button small quiet onClick={grades.reload}>
          Look again
        </Button>
      </div>
    </>
  )
}

function State({ row }: { readonly row: ReturnedGrade }) {
  if (row.state === 'sent') return <StateMark tone="pass">arrived</StateMark>
  if (row.state === 'failed') return <StateMark tone="fail">given up: {row.error}</StateMark>
  return <StateMark tone="warn">{row.error === null ? 'on its way' : `tried ${row.attempts} times: ${row.error}`}</StateMark>
}
