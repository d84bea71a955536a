import { grading } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { whenText } from '../ui/when.ts'
import { GradingPage } from './grading-page.tsx'
import { Progress } from './job-page.tsx'

/** What was started over the API or on a page. */
export default function JobsPage() {
  const loaded = useLoad(grading.jobs)
  return (
    <GradingPage
      title="Jobs"
      above={[{ label: 'Grades', path: '/grades' }]}
      actions={<Button onClick={loaded.reload}>Look again</Button>}
    >
      {loaded.state === 'loading' && <Loading text="Reading the jobs" />}
      {loaded.state === 'failed' && (
        <Notice title="The jobs did not load" tone="fail">
          <p>{loaded.error.message}</p>
        </Notice>
      )}
      {loaded.state === 'ready' &&
        (loaded.value.jobs.length === 0 ? (
          <div className="empty-list">
            <h3>No jobs yet</h3>
            <p>Grading again, comparing journals, and what programs start over the API stands here.</p>
          </div>
        ) : (
          <ul className="plain-list">
            {loaded.value.jobs.map((one) => (
              <li key={one.id}>
                <PageLink to={one.kind === 'compare-journals' ? `/similarity/${one.id}` : `/jobs/${one.id}`}>
                  {one.label}
                  <small>{whenText(one.createdAt)}</small>
                </PageLink>
                <Progress job={one} />
              </li>
            ))}
          </ul>
        ))}
    </GradingPage>
  )
}
