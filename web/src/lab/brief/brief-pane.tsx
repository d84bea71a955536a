import { lazy, Suspense, useCallback, useState } from 'react'
import type { CheckedReport } from '../../../../durable/grading/report.ts'
import { api, type LabSummary } from '../../api/client.ts'
import { type Reloadable, useLoad } from '../../api/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLabState } from '../lab-context.ts'
import { looksOn } from '../lab-state.ts'
import './brief.css'
import { CheckResults } from './check-results.tsx'
import { Tasks } from './tasks.tsx'

const Markdown = lazy(() => import('./markdown.tsx'))

type Props = {
  readonly id: string
  readonly summary: Reloadable<LabSummary>
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onShowLine: (line: number) => void
}

const lineWidths = ['92%', '100%', '86%', '97%', '54%', '90%', '99%', '70%']

function BriefSkeleton() {
  return (
    <div className="brief-skeleton" role="status" aria-label="Loading the brief">
      {lineWidths.map((width) => (
        <span key={width} className="skeleton" style={{ width }} />
      ))}
    </div>
  )
}

/** What is to be done, and how far it is done. */
export function BriefPane({ id, summary, onShowPackets, onShowLine }: Props) {
  const tasks = useLoad(useCallback(() => api.tasks(id), [id]))
  const [report, setReport] = useState<CheckedReport | null>(null)
  const [checking, setChecking] = useState(false)
  const looks = useLabState(looksOn)

  const check = () => {
    setChecking(true)
    api
      .check(id)
      .then(
        (checked) => {
          setReport(checked)
          // Others in this lab answer and read hints, too.
          tasks.reload()
        },
        (error: Error) => toast(`The checks did not run. ${error.message}`, 'fail'),
      )
      .finally(() => setChecking(false))
  }

  return (
    <section className="pane" aria-label="Brief">
      <div className="pane-bar">
        <h2>Brief</h2>
        <span className="grow" />
        {report !== null && (
          <span className="brief-score">
            {report.score} of {report.of} points
          </span>
        )}
        {!looks && tasks.state === 'ready' && !tasks.value.mayCheck && (
          <span className="brief-score" title="Your teacher has switched the checks off for this assignment.">
            No checks before you hand in
          </span>
        )}
        {!looks && !(tasks.state === 'ready' && !tasks.value.mayCheck) && (
          <Button small primary disabled={checking} onClick={check}>
            {checking ? 'Checking…' : report === null ? 'Check' : 'Check again'}
          </Button>
        )}
      </div>
      {report !== null && <CheckResults {...{ report, onShowPackets, onShowLine }} onClose={() => setReport(null)} />}
      <div className="brief-text">
        {tasks.state === 'ready' && <Tasks id={id} {...tasks.value} onChanged={tasks.reload} />}
        {tasks.state === 'failed' && (
          <Notice title="The tasks did not load" tone="fail">
            <p>{tasks.error.message}</p>
            <Button onClick={tasks.reload}>Try again</Button>
          </Notice>
        )}
        {summary.state === 'loading' && <BriefSkeleton />}
        {summary.state === 'failed' && (
          <Notice title="The brief did not load" tone="fail">
            <p>{summary.error.message}</p>
            <Button onClick={summary.reload}>Try again</Button>
          </Notice>
        )}
        {summary.state === 'ready' &&
          (summary.value.brief.trim() === '' ? (
            <Notice title="This lab has no brief">Explore it as you like: every machine with a terminal is yours.</Notice>
          ) : (
            <Suspense fallback={<BriefSkeleton />}>
              <Markdown text={summary.value.brief} />
            </Suspense>
          ))}
      </div>
    </section>
  )
}
