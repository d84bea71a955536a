import { useState } from 'react'
import { type AssignmentShort, type Course, coursesApi } from '../api/courses.ts'
import { useSession } from '../api/session.tsx'
import { useLoad } from '../api/use-load.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { toast } from '../ui/toasts.tsx'
import { CoursePageFrame, Empty, Field, Loaded } from './parts.tsx'
import { datesText } from './words.ts'

const teaches = (role: string | undefined) => role === 'owner' || role === 'teacher'

/** Where everybody begins: what they have to do, and the courses that they are in. */
export default function CoursesPage() {
  const { session } = useSession()
  const courses = useLoad(coursesApi.courses)
  const todo = useLoad(coursesApi.todo)
  const teacher = teaches(session?.role)
  return (
    <CoursePageFrame title={teacher ? 'Courses' : 'My courses'}>
      {!teacher && (
        <section aria-labelledby="to-do">
          <h2 id="to-do">To do</h2>
          <Loaded load={todo} what="your assignments">
            {({ assignments }) =>
              assignments.length === 0 ? (
                <Empty title="Nothing to do">What your teachers publish stands here, the next first.</Empty>
              ) : (
                <AssignmentList assignments={assignments} />
              )
            }
          </Loaded>
        </section>
      )}
      <section aria-labelledby="courses">
        <h2 id="courses">{teacher ? 'All courses' : 'Courses'}</h2>
        <Loaded load={courses} what="the courses">
          {({ courses: list }) =>
            list.length === 0 ? (
              <Empty title="No courses yet">
                {teacher
                  ? 'Make one below. Then put people into it, or give them its code.'
                  : 'Join one with the code that your teacher gave you.'}
              </Empty>
            ) : (
              <ul className="lab-list">
                {list.map((course) => (
                  <CourseItem key={course.id} course={course} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      {teacher ? <NewCourse /> : <JoinCourse />}
    </CoursePageFrame>
  )
}

const partWords: Record<string, string> = { assist: 'You assist', watch: 'You observe', study: 'You are a student', manage: '' }

function CourseItem({ course }: { readonly course: Course }) {
  const students = `${course.students} ${course.students === 1 ? 'student' : 'students'}`
  const said = [partWords[course.part], course.part === 'study' ? '' : students].filter((one) => one !== '').join(', ')
  return (
    <li>
      <PageLink to={`/courses/${course.id}`}>
        {course.title}
        <small>{said}</small>
      </PageLink>
      {course.archived && <span className="badge">Put away</span>}
    </li>
  )
}

export function AssignmentList({ assignments }: { readonly assignments: readonly AssignmentShort[] }) {
  return (
    <ul className="lab-list">
      {assignments.map((one) => (
        <li key={one.id}>
          <PageLink to={`/assignments/${one.id}`}>
            {one.title}
            <small>
              {one.courseTitle}. {datesText(one)}
            </small>
          </PageLink>
          {one.forGroups && <span className="badge">For groups</span>}
          {one.state !== 'published' && <span className="badge warn">{one.state === 'draft' ? 'Draft' : 'Put away'}</span>}
        </li>
      ))}
    </ul>
  )
}

function NewCourse() {
  const [title, setTitle] = useState('')
  const make = () =>
    coursesApi.makeCourse(title).then(
      (course) => navigate(`/courses/${course.id}`),
      (error: Error) => toast(`The course was not made. ${error.message}`, 'fail'),
    )
  return (
    <form
      className="form-row"
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <Field label="Name of a new course">
        <input className="field" value={title} maxLength={160} required onChange={(event) => setTitle(event.target.value)} />
      </Field>
      <Button type="submit" primary disabled={title.trim() === ''}>
        Make the course
      </Button>
    </form>
  )
}

function JoinCourse() {
  const [code, setCode] = useState('')
  const join = () =>
    coursesApi.join(code.replace(/[^a-z0-9]/gi, '')).then(
      ({ course }) => {
        toast(`You are in ${course.name}`)
        navigate(`/courses/${course.id}`)
      },
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <form
      className="form-row"
      onSubmit={(event) => {
        event.preventDefault()
        void join()
      }}
    >
      <Field label="Code of a course">
        <input
          className="field mono"
          value={code}
          maxLength={40}
          required
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setCode(event.target.value)}
        />
      </Field>
      <Button type="submit" disabled={code.trim() === ''}>
        Join the course
      </Button>
    </form>
  )
}
