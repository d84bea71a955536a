import { useState } from 'react'
import { type CourseThere, lti, type RosterRead } from '../api/lti.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { GradesThere } from './grades-there.tsx'

/** Courses at platforms from which somebody has come: ours that belongs to each, its class list and its grades. */
export function CoursesThere() {
  const courses = useLoad(lti.courses)
  const ours = useLoad(lti.ourCourses)
  if (courses.state === 'loading') return <span className="skeleton" style={{ height: 90 }} role="status" aria-label="Loading" />
  if (courses.state === 'failed')
    return (
      <Notice title="The courses did not load" tone="fail">
        <p>{courses.error.message}</p>
        <Button onClick={courses.reload}>Try again</Button>
      </Notice>
    )
  if (courses.value.courses.length === 0)
    return (
      <p className="lti-lead">None yet. A course appears here when somebody who teaches it opens a link to Switchroom in it.</p>
    )
  const list = ours.state === 'ready' ? ours.value.courses : []
  return (
    <ul className="lti-cards">
      {courses.value.courses.map((one) => (
        <li key={one.id}>
          <CourseCard course={one} ours={list} onChange={courses.reload} />
        </li>
      ))}
    </ul>
  )
}

type Props = {
  readonly course: CourseThere
  readonly ours: readonly { id: string; title: string }[]
  readonly onChange: () => void
}

function CourseCard({ course, ours, onChange }: Props) {
  const [busy, setBusy] = useState(false)
  const [read, setRead] = useState<RosterRead | null>(null)
  const [open, setOpen] = useState(false)
  const connect = (to: string) =>
    lti.connect(course.id, to === '' ? null : to).then(onChange, (error: Error) => toast(error.message, 'fail'))
  const roster = async () => {
    setBusy(true)
    try {
      let sofar = await lti.readRoster(course.id)
      setRead(sofar)
      while (sofar.left > 0) {
        const part = await lti.readRoster(course.id)
        if (part.left >= sofar.left) break
        sofar = { ...part, added: sofar.added + part.added }
        setRead(sofar)
      }
    } catch (error) {
      toast(`The class list was not read. ${(error as Error).message}`, 'fail')
    }
    setBusy(false)
    onChange()
  }
  const options = course.course !== null && !ours.some(({ id }) => id === course.course?.id) ? [course.course, ...ours] : ours
  return (
    <article className="lti-card" aria-label={course.title}>
      <div className="lti-head">
        <div>
          <h3>{course.title}</h3>
          <p className="lti-lead">{course.platform.title}</p>
        </div>
        <label className="lti-field">
          Belongs to the course here
          <select className="field" value={course.course?.id ?? ''} onChange={(event) => void connect(event.target.value)}>
            <option value="">none</option>
            {options.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {course.course !== null && (
        <div className="lti-row">
          <Button small disabled={busy || !course.roster} onClick={() => void roster()}>
            {busy ? 'Reading the class list …' : 'Read the class list'}
          </Button>
          <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
            Grades there
          </Button>
          <small>
            {course.roster
              ? course.rosterAt === null
                ? 'The class list was not read yet.'
                : `Class list of ${whenText(course.rosterAt)}.`
              : 'The platform does not share its class list.'}
          </small>
        </div>
      )}
      {read !== null && (
        <div role="status">
          <p>
            {read.found} in the class list, {read.added} of them new here
            {read.inactive > 0 ? `, ${read.inactive} inactive and left as they are` : ''}
            {read.left > 0 ? `, ${read.left} still to come` : ''}.
          </p>
          {read.wrong.length > 0 && (
            <ul className="lti-problem">
              {read.wrong.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {open && <GradesThere context={course.id} />}
    </article>
  )
}
