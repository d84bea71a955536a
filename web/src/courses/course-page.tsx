import { useCallback, useState } from 'react'
import { type Course, coursesApi } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { copyText } from '../ui/copy.ts'
import { tell } from '../ui/tell.ts'
import { toast } from '../ui/toasts.tsx'
import { AssignmentList } from './courses-page.tsx'
import { Groups } from './groups.tsx'
import { NewAssignment } from './new-assignment.tsx'
import { CoursePageFrame, Empty, Loaded } from './parts.tsx'
import { People } from './people.tsx'

/** A course: what is to be done in it, and for those who teach, who is in it. */
export default function CoursePage({ params }: PageProps) {
  const { course: id } = params
  const course = useLoad(useCallback(() => coursesApi.course(id), [id]))
  const title = course.state === 'ready' ? course.value.title : 'Course'
  return (
    <CoursePageFrame title={title} above={{ path: '/courses', text: 'Courses' }}>
      <Loaded load={course} what="the course">
        {(found) => <CourseBody course={found} reload={course.reload} />}
      </Loaded>
    </CoursePageFrame>
  )
}

function CourseBody({ course, reload }: { readonly course: Course; readonly reload: () => void }) {
  const assignments = useLoad(useCallback(() => coursesApi.assignments(course.id), [course.id]))
  const people = useLoad(
    useCallback(() => (course.part === 'study' ? Promise.resolve({ people: [] }) : coursesApi.people(course.id)), [course]),
  )
  const manages = course.part === 'manage'
  return (
    <>
      <section aria-labelledby="assignments">
        <div className="section-head">
          <h2 id="assignments">Assignments</h2>
          {manages && <NewAssignment course={course.id} />}
        </div>
        <Loaded load={assignments} what="the assignments">
          {({ assignments: list }) =>
            list.length === 0 ? (
              <Empty title="No assignments yet">
                {manages
                  ? 'Make one of a lab of the catalogue, or of a lab of your own.'
                  : 'They stand here as soon as they are published.'}
              </Empty>
            ) : (
              <AssignmentList assignments={list} />
            )
          }
        </Loaded>
      </section>
      {course.part !== 'study' && (
        <>
          {course.joinCode !== null || manages ? <JoinCode course={course} reload={reload} /> : null}
          <People course={course} people={people} />
          <Groups course={course} people={people} />
          {manages && <PutAway course={course} reload={reload} />}
        </>
      )}
    </>
  )
}

function JoinCode({ course, reload }: { readonly course: Course; readonly reload: () => void }) {
  const manages = course.part === 'manage'
  const change = (what: Promise<unknown>, done: string) => tell(what, done, reload)
  return (
    <section aria-labelledby="join-code">
      <h2 id="join-code">Code of the course</h2>
      {course.joinCode === null ? (
        <p>Nobody can join by a code.</p>
      ) : (
        <p>
          Students join with <span className="join-code">{course.joinCode}</span>, or with the link.
        </p>
      )}
      <div className="course-actions">
        {course.joinCode !== null && (
          <Button
            onClick={() =>
              void copyText(`${window.location.origin}/join/${course.joinCode}`, 'Link copied. Whoever opens it can join.')
            }
          >
            Copy the invitation link
          </Button>
        )}
        {manages && (
          <>
            <Button onClick={() => void change(coursesApi.renewCode(course.id), 'There is a new code')}>
              {course.joinCode === null ? 'Switch a code on' : 'Renew the code'}
            </Button>
            {course.joinCode !== null && (
              <Button quiet onClick={() => void change(coursesApi.endCode(course.id), 'The code does not work any more')}>
                Switch it off
              </Button>
            )}
          </>
        )}
      </div>
    </section>
  )
}

function PutAway({ course, reload }: { readonly course: Course; readonly reload: () => void }) {
  const [asking, setAsking] = useState(false)
  const change = (archived: boolean) =>
    coursesApi.changeCourse(course.id, { archived }).then(reload, (error: Error) => toast(error.message, 'fail'))
  return (
    <div className="course-actions">
      {course.archived ? (
        <Button onClick={() => void change(false)}>Bring the course back</Button>
      ) : (
        <Button quiet onClick={() => setAsking(true)}>
          Put the course away
        </Button>
      )}
      {asking && (
        <Confirm
          title={`Put ${course.title} away?`}
          action="Put it away"
          danger={false}
          onConfirm={() => void change(true)}
          onClose={() => setAsking(false)}
        >
          Students do not find it any more and cannot hand in. Everything is kept, and you can bring it back.
        </Confirm>
      )}
    </div>
  )
}
