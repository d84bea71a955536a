import { useState } from 'react'
import { type Assignment, coursesApi, type Work } from '../api/courses.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { tell } from '../ui/tell.ts'
import { toast } from '../ui/toasts.tsx'
import { dateText } from '../ui/when.ts'
import { HandIn } from './hand-in.tsx'
import { attemptsText, datesText, latenessText, lateText } from './words.ts'

type Props = { readonly assignment: Assignment; readonly work: Work; readonly reload: () => void }

/** What a student does with an assignment. */
export function StudentWork({ assignment, work, reload }: Props) {
  const [busy, setBusy] = useState(false)
  const { id, late, attempts: _, counts } = assignment
  const closed = work.moment.state === 'closed'
  const early = work.moment.state === 'early'
  const open = () => {
    setBusy(true)
    coursesApi.open(id).then(
      ({ labId }) => navigate(`/labs/${labId}`),
      (error: Error) => {
        setBusy(false)
        toast(`The lab did not open. ${error.message}`, 'fail')
      },
    )
  }
  return (
    <>
      <section aria-label="How it stands" className="work-card">
        <p>
          {datesText(work)} {!closed && lateText(work, late)} {attemptsText(work.attempts, counts)}
        </p>
        {work.moment.state === 'late' && (
          <p>
            <span className="badge warn">Late</span>{' '}
            {work.moment.latePercent > 0
              ? `What you hand in now loses ${work.moment.latePercent} % of its points.`
              : 'It is past the date, and nothing is taken off yet.'}
          </p>
        )}
        {work.extended !== null && (
          <p>
            <span className="badge good">More time</span> Your dates are later than those of the others
            {work.extended.reason === '' ? '.' : `: ${work.extended.reason}.`}
          </p>
        )}
        {work.group !== null && (
          <p>
            You share one lab with your group {work.group.name}: {work.members.map(({ name }) => name).join(', ')}.
          </p>
        )}
        {work.inNoGroup && (
          <p role="alert">This assignment is for groups, and you are in none yet. Ask your teacher to put you into one.</p>
        )}
        <div className="work-actions">
          {!early && !work.inNoGroup && (
            <Button primary disabled={busy} onClick={open}>
              {busy ? 'Opening…' : work.labId === null ? 'Open the lab' : 'Continue in the lab'}
            </Button>
          )}
          {work.labId !== null && <HandIn assignment={assignment} work={work} onDone={reload} />}
          {work.labId !== null && <Reset assignment={assignment} work={work} reload={reload} />}
        </div>
        {work.whyNot !== null && !early && <p className="quiet-text">{work.whyNot}</p>}
      </section>
      <Submissions work={work} />
    </>
  )
}

function Submissions({ work }: { readonly work: Work }) {
  if (work.submissions.length === 0) return null
  return (
    <section aria-labelledby="submissions">
      <h2 id="submissions">Handed in</h2>
      <div className="course-table-scroll">
        <table className="course-table">
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">When</th>
              <th scope="col">Points</th>
              <th scope="col" aria-label="What can be done" />
            </tr>
          </thead>
          <tbody>
            {work.submissions.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.attempt}</th>
                <td>
                  {dateText(one.submittedAt)}, {latenessText(one.lateMs, one.latePercent)}
                  {work.group !== null && `, by ${one.by}`}
                </td>
                <td>{one.points === null ? 'Not graded yet' : `${one.points} of ${one.of}`}</td>
                <td className="actions">
                  {one.points !== null && (
                    <PageLink to={`/submissions/${one.id}`} className="button small">
                      Points and comments
                    </PageLink>
                  )}
                  {one.labId !== null && (
                    <PageLink to={`/labs/${one.labId}`} className="button small">
                      Look at it
                    </PageLink>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** Back to the start, on to a stage, or back to before. */
function Reset({ assignment, work, reload }: Props) {
  const [asking, setAsking] = useState<{ readonly stage: string | undefined; readonly name: string } | null>(null)
  const done = (what: Promise<unknown>, said: string) => tell(what, said, reload)
  return (
    <>
      <Button onClick={() => setAsking({ stage: undefined, name: 'the start' })}>
        <Icon name="reset" size={14} /> Start again
      </Button>
      {work.stages.map((stage) => (
        <Button key={stage.id} onClick={() => setAsking({ stage: stage.id, name: stage.name })}>
          <Icon name="flag" size={14} /> Go to “{stage.name}”
          {stage.givenAt !== null && <span className="badge good">Given to you</span>}
        </Button>
      ))}
      {work.canUndo && (
        <Button quiet onClick={() => void done(coursesApi.undoReset(assignment.id), 'You have your lab from before again')}>
          <Icon name="undo" size={14} /> Back to my lab from before
        </Button>
      )}
      {asking !== null && (
        <Confirm
          title={`Go to ${asking.name}?`}
          action={`Go to ${asking.name}`}
          danger={false}
          onConfirm={() => void done(coursesApi.reset(assignment.id, asking.stage), `Your lab is at ${asking.name}`)}
          onClose={() => setAsking(null)}
        >
          You get another lab in that state{work.group === null ? '' : ', and so does your group'}. The one you have now is kept:
          you can go back to it, until you do this again. What was handed in stays.
        </Confirm>
      )}
    </>
  )
}
