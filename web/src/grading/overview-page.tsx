import { grading, type Overview } from '../api/grading.ts'
import { useSession } from '../api/session.tsx'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { whenText } from '../ui/when.ts'
import { GradingPage } from './grading-page.tsx'
import { plural, pointsText, states } from './words.ts'

/** Where there are grades to see: of one's students, and one's own. */
export default function OverviewPage() {
  const loaded = useLoad(grading.overview)
  const { session } = useSession()
  const teaches = session?.role === 'teacher' || session?.role === 'owner'
  return (
    <GradingPage
      title="Grades"
      actions={
        teaches && (
          <>
            <PageLink to="/jobs" className="button">
              Jobs
            </PageLink>
            <PageLink to="/webhooks" className="button">
              Webhooks
            </PageLink>
          </>
        )
      }
    >
      {loaded.state === 'loading' && <Loading text="Looking for grades" />}
      {loaded.state === 'failed' && (
        <Notice title="The grades did not load" tone="fail">
          <p>{loaded.error.message}</p>
          <Button onClick={loaded.reload}>Try again</Button>
        </Notice>
      )}
      {loaded.state === 'ready' && <Lists overview={loaded.value} teaches={teaches} />}
    </GradingPage>
  )
}

function Lists({ overview, teaches }: { readonly overview: Overview; readonly teaches: boolean }) {
  const { assignments, mine } = overview
  if (assignments.length === 0 && mine.length === 0) {
    return (
      <div className="empty-list">
        <h3>Nothing was handed in yet</h3>
        <p>
          {teaches
            ? 'As soon as a student hands something in, its assignment stands here.'
            : 'What you hand in stands here, with its points and reasons.'}
        </p>
      </div>
    )
  }
  return (
    <>
      {assignments.length > 0 && (
        <section aria-labelledby="of-students">
          <h2 id="of-students">Assignments</h2>
          <ul className="plain-list">
            {assignments.map((one) => (
              <li key={one.id}>
                <PageLink to={`/grades/${one.id}`}>
                  {one.title}
                  <small>
                    {one.course}, {plural(one.submissions, 'submission', 'submissions')}, the last {whenText(one.last)}
                  </small>
                </PageLink>
                {one.ungraded > 0 && <span className="badge warn">{one.ungraded} not graded</span>}
                {one.requests > 0 && (
                  <span className="badge warn">{plural(one.requests, 'request', 'requests')} to look again</span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {mine.length > 0 && (
        <section aria-labelledby="of-mine">
          <h2 id="of-mine">What you handed in</h2>
          <ul className="plain-list">
            {mine.map((one) => (
              <li key={one.id}>
                <PageLink to={`/submissions/${one.id}`}>
                  {one.title}
                  <small>
                    {one.course}, attempt {one.attempt}, {whenText(one.submittedAt)}
                  </small>
                </PageLink>
                <span className="badge">
                  {one.points === null || one.of === null ? (states[one.state] ?? one.state) : pointsText(one.points, one.of)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
