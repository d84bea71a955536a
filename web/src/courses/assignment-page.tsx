import { lazy, Suspense, useCallback } from 'react'
import { type Assignment, coursesApi } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { Loading } from '../ui/loading.tsx'
import '../lab/brief/brief.css'
import { CoursePageFrame, Loaded } from './parts.tsx'
import { StudentWork } from './student-work.tsx'
import { TeacherDesk } from './teacher-desk.tsx'
import { attemptsText, datesText, lateText, stateWords } from './words.ts'

const Markdown = lazy(() => import('../lab/brief/markdown.tsx'))

/** An assignment: for students what is to be done and how they stand, for those who teach the class. */
export default function AssignmentPage({ params }: PageProps) {
  const { assignment: id } = params
  const load = useLoad(useCallback(() => coursesApi.assignment(id), [id]))
  const found = load.state === 'ready' ? load.value : null
  const teaches = found !== null && found.part !== 'study'
  return (
    <CoursePageFrame
      title={found?.title ?? 'Assignment'}
      above={
        found === null ? { path: '/courses', text: 'Courses' } : { path: `/courses/${found.courseId}`, text: found.courseTitle }
      }
      wide={teaches}
    >
      <Loaded load={load} what="the assignment">
        {(assignment) =>
          assignment.work === null ? (
            <>
              <Facts assignment={assignment} />
              <TeacherDesk assignment={assignment} reload={load.reload} />
              <Brief assignment={assignment} />
            </>
          ) : (
            <>
              <StudentWork assignment={assignment} work={assignment.work} reload={load.reload} />
              <Brief assignment={assignment} />
            </>
          )
        }
      </Loaded>
    </CoursePageFrame>
  )
}

function Facts({ assignment }: { readonly assignment: Assignment }) {
  const { state, attempts, counts, late } = assignment
  return (
    <p>
      <span className={`badge ${state === 'published' ? 'good' : 'warn'}`}>{stateWords[state]}</span> {datesText(assignment)}{' '}
      {lateText(assignment, late)} {attemptsText(attempts, counts).replace('You', 'Students')}
    </p>
  )
}

function Brief({ assignment }: { readonly assignment: Assignment }) {
  const { brief } = assignment
  return (
    <section aria-labelledby="brief">
      <h2 id="brief">What is to be done</h2>
      <div className="brief-card">
        <div className="brief-text">
          {brief === null ? (
            <p>It can be read when the assignment opens.</p>
          ) : brief.trim() === '' ? (
            <p>There is no text for this assignment.</p>
          ) : (
            <Suspense fallback={<Loading text="Opening the text" />}>
              <Markdown text={brief} />
            </Suspense>
          )}
        </div>
      </div>
    </section>
  )
}
