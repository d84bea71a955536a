import { lazy, Suspense, useCallback } from 'react'
import { api } from '../api/client.ts'
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
      {lateText(assignment, late)} {attemptsText(attempts, counts, 'Students')}
    </p>
  )
}

const PLACEHOLDER = /\{\{.*?\}\}/g

function Brief({ assignment }: { readonly assignment: Assignment }) {
  const { brief, work } = assignment
  // What is drawn for each student stands filled in with their lab, as soon as they have one.
  const drawn = brief !== null && brief.search(PLACEHOLDER) >= 0
  const lab = drawn ? (work?.labId ?? null) : null
  const filled = useLoad(useCallback(() => (lab === null ? Promise.resolve(null) : api.summary(lab)), [lab]))
  const own = lab !== null && filled.state === 'ready' ? (filled.value?.brief ?? null) : null
  const text = own ?? (work === null ? brief : (brief?.replace(PLACEHOLDER, '…') ?? null))
  return (
    <section aria-labelledby="brief">
      <h2 id="brief">What is to be done</h2>
      {drawn && own === null && filled.state === 'ready' && (
        <p className="quiet-text">
          {work === null
            ? 'What stands between double braces is drawn for each student.'
            : 'Your own names and numbers stand here as soon as you have opened the lab.'}
        </p>
      )}
      <div className="brief-card">
        <div className="brief-text">
          {text === null ? (
            <p>It can be read when the assignment opens.</p>
          ) : text.trim() === '' ? (
            <p>There is no text for this assignment.</p>
          ) : (
            <Suspense fallback={<Loading text="Opening the text" />}>
              <Markdown text={text} />
            </Suspense>
          )}
        </div>
      </div>
    </section>
  )
}
