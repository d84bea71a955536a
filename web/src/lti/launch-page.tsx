import { type SyntheticEvent, useCallback, useEffect, useState } from 'react'
import { type Launch, lti } from '../api/lti.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'
import { AssignmentChoices } from './assignment-choices.tsx'
import './lti.css'

/** Where a launch leads somebody who teaches: which course belongs to theirs, then which assignment. Small enough for a frame. */
export default function LaunchPage({ params }: PageProps) {
  const { id } = params
  const loaded = useLoad(useCallback(() => lti.launch(id), [id]))
  const [changed, setChanged] = useState<Launch | null>(null)
  useEffect(() => {
    document.title = 'From your course · Switchroom'
  }, [])
  if (loaded.state === 'loading') return <Loading text="Opening" />
  if (loaded.state === 'failed')
    return (
      <Notice title="This cannot be opened" tone="fail" centre>
        <p>{loaded.error.message}</p>
      </Notice>
    )
  const launch = changed ?? loaded.value
  return (
    <main className="lti-main narrow">
      {launch.course === null ? (
        <ConnectCourse id={id} launch={launch} onDone={setChanged} />
      ) : launch.kind === 'deep-link' ? (
        <PickAssignments launch={launch} course={launch.course} />
      ) : (
        <LinkAssignment id={id} launch={launch} course={launch.course} />
      )}
    </main>
  )
}

type ConnectProps = { readonly id: string; readonly launch: Launch; readonly onDone: (launch: Launch) => void }

function ConnectCourse({ id, launch, onDone }: ConnectProps) {
  const [course, setCourse] = useState('')
  const [title, setTitle] = useState(launch.courseThere ?? '')
  const [busy, setBusy] = useState(false)
  if (!launch.mayConnect || launch.courseThere === null)
    return (
      <Notice title="This course is not connected yet">
        <p>
          {launch.courseThere === null
            ? `${launch.platform} did not say from which course you come. Begin in a course there.`
            : 'A teacher of your school has to say which course here belongs to it: by opening this link, or under “Platforms”.'}
        </p>
      </Notice>
    )
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setBusy(true)
    lti.chooseCourse(id, course === '' ? { title } : { course }).then(onDone, (error: Error) => {
      setBusy(false)
      toast(error.message, 'fail')
    })
  }
  return (
    <form onSubmit={submit} className="lti-card" aria-label="Connect the course">
      <h1>Connect “{launch.courseThere}”</h1>
      <p className="lti-lead">
        Once, for everybody: which course here belongs to this one of {launch.platform}? Its students are enrolled here when they
        come, and their grades go back there.
      </p>
      <label className="lti-field">
        Course
        <select className="field" value={course} onChange={(event) => setCourse(event.target.value)}>
          <option value="">a new course</option>
          {launch.courses.map((one) => (
            <option key={one.id} value={one.id}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      {course === '' && (
        <label className="lti-field">
          Name of the new course
          <input className="field" required maxLength={120} value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
      )}
      <div className="lti-row">
        <Button type="submit" primary disabled={busy}>
          Connect
        </Button>
      </div>
    </form>
  )
}

type CourseProps = { readonly launch: Launch; readonly course: { readonly id: string; readonly title: string } }

const NoAssignments = ({ course }: { readonly course: CourseProps['course'] }) => (
  <Notice title="There is no assignment yet">
    <p>“{course.title}” here has no assignment that could be chosen.</p>
    <Button onClick={() => navigate(`/courses/${course.id}`)}>Go to the course</Button>
  </Notice>
)

/** Deep linking: the choice goes back by a form, because the platform waits for it in this frame. */
function PickAssignments({ launch, course }: CourseProps) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  if (launch.assignments.length === 0) return <NoAssignments course={course} />
  return (
    <form method="post" action={launch.answerPath ?? ''} className="lti-card" aria-label="Choose an assignment">
      <h1>{launch.several ? 'Choose assignments' : 'Choose an assignment'}</h1>
      <p className="lti-lead">
        For “{launch.courseThere ?? course.title}” in {launch.platform}, from the course “{course.title}” here.
      </p>
      <AssignmentChoices list={launch.assignments} several={launch.several} chosen={chosen} onChange={setChosen} />
      <div className="lti-row">
        <Button type="submit" primary disabled={chosen.length === 0}>
          Put it into the course
        </Button>
      </div>
    </form>
  )
}

/** A link that was made by hand at the platform and does not say where it leads. */
function LinkAssignment({ id, launch, course }: CourseProps & { readonly id: string }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  if (launch.assignments.length === 0) return <NoAssignments course={course} />
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setBusy(true)
    lti.chooseAssignment(id, chosen[0]).then(
      (done) => navigate(`/courses/${done.course}`),
      (error: Error) => {
        setBusy(false)
        toast(error.message, 'fail')
      },
    )
  }
  return (
    <form onSubmit={submit} className="lti-card" aria-label="Choose where the link leads">
      <h1>Where does “{launch.linkTitle ?? 'this link'}” lead?</h1>
      <p className="lti-lead">Students who open it come to this assignment of “{course.title}”.</p>
      <AssignmentChoices list={launch.assignments} several={false} chosen={chosen} onChange={setChosen} />
      <div className="lti-row">
        <Button type="submit" primary disabled={busy || chosen.length === 0}>
          Let it lead there
        </Button>
        <Button onClick={() => navigate(`/courses/${course.id}`)}>Go to the course</Button>
      </div>
    </form>
  )
}
