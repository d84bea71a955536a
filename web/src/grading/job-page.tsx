import { useCallback, useEffect, useState } from 'react'
import { grading, type Job, type JobResult } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { toast } from '../ui/toasts.tsx'
import { GradingPage } from './grading-page.tsx'
import { ListTable } from './table-frame.tsx'
import { useJob } from './use-job.ts'
import { outcomes, plural } from './words.ts'

/** How far a job is, and what came of it. */
export default function JobPage({ params }: PageProps) {
  const job = useJob(params.job)
  return (
    <GradingPage
      title={job.state === 'ready' ? job.value.label : 'Job'}
      above={[
        { label: 'Grades', path: '/grades' },
        { label: 'Jobs', path: '/jobs' },
      ]}
    >
      {job.state === 'loading' && <Loading text="Looking at the job" />}
      {job.state === 'failed' && (
        <Notice title="This job cannot be shown" tone="fail">
          <p>{job.error.message}</p>
          <Button onClick={job.reload}>Try again</Button>
        </Notice>
      )}
      {job.state === 'ready' && <Body job={job.value} onChange={job.reload} />}
    </GradingPage>
  )
}

export function Progress({ job }: { readonly job: Job }) {
  const ended = job.done + job.failed + job.cancelled
  const state = job.state === 'running' ? 'under way' : job.state === 'cancelled' ? 'stopped' : 'ended'
  return (
    <div className="progress" role="status">
      <progress max={Math.max(job.total, 1)} value={ended} aria-label={`${ended} of ${job.total}`} />
      <span>
        {state}: {job.done} of {job.total} done
        {job.failed > 0 && `, ${job.failed} failed`}
        {job.cancelled > 0 && `, ${job.cancelled} not begun`}
      </span>
    </div>
  )
}

function Body({ job, onChange }: { readonly job: Job; readonly onChange: () => void }) {
  const act = (asking: Promise<unknown>) => void asking.then(onChange, (error: Error) => toast(error.message, 'fail'))
  return (
    <>
      <Progress job={job} />
      <div className="grading-actions">
        {job.state === 'running' && <Button onClick={() => act(grading.cancel(job.id))}>Stop</Button>}
        {job.failed > 0 && job.state !== 'running' && (
          <Button primary onClick={() => act(grading.retry(job.id))}>
            Try the {plural(job.failed, 'failed one', 'failed ones')} again
          </Button>
        )}
      </div>
      {job.state !== 'running' && <Results job={job} />}
    </>
  )
}

/** All of them, page after page: they are what one came for. */
async function allResults(id: string): Promise<JobResult[]> {
  const found: JobResult[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof grading.results>> = await grading.results(id, after, false)
    found.push(...page.results)
    after = page.next
  }
  return found
}

function Results({ job }: { readonly job: Job }) {
  const loaded = useLoad(useCallback(() => allResults(job.id), [job.id]))
  const [all, setAll] = useState(false)
  const { reload } = loaded
  // biome-ignore lint/correctness/useExhaustiveDependencies: after another try there are other results
  useEffect(reload, [job.done, job.failed, reload])
  if (loaded.state === 'loading') return <Loading text="Reading what came of it" />
  if (loaded.state === 'failed') return <p role="alert">{loaded.error.message}</p>
  const failed = loaded.value.filter(({ state }) => state === 'failed')
  const changed = loaded.value.filter(({ changes = [] }) => changes.length > 0)
  const graded = loaded.value.filter(({ submission }) => submission !== undefined)
  return (
    <>
      {failed.length > 0 && (
        <section aria-labelledby="failed">
          <h2 id="failed">Failed</h2>
          <ul className="plain-list">
            {failed.map((one) => (
              <li key={one.task}>
                <span>
                  {one.name ?? `Task ${one.task}`}
                  <small>
                    {' '}
                    after {plural(one.attempts, 'attempt', 'attempts')}: {one.error}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {graded.length > 0 && (
        <section aria-labelledby="changed">
          <h2 id="changed">What has changed</h2>
          {changed.length === 0 ? <p>Nothing: every check gave what it gave before.</p> : <Changes results={changed} />}
          {graded.length > changed.length && (
            <p>
              <Button small aria-pressed={all} onClick={() => setAll(!all)}>
                {all ? 'Hide' : 'Show'} the {graded.length - changed.length} without a change
              </Button>
            </p>
          )}
          {all && (
            <ul className="plain-list">
              {graded
                .filter(({ changes = [] }) => changes.length === 0)
                .map((one) => (
                  <li key={one.task}>
                    <PageLink to={`/submissions/${one.submission}`}>{one.name}</PageLink>
                    <span className="badge">
                      {one.after === undefined ? one.state : `${one.after.points} of ${one.after.of}`}
                    </span>
                  </li>
                ))}
            </ul>
          )}
        </section>
      )}
    </>
  )
}

type Side = { readonly outcome: keyof typeof outcomes; readonly points: number; readonly of: number } | null

function Outcome({ side }: { readonly side: Side }) {
  if (side === null) return <span className="none">no such check</span>
  const { text, icon } = outcomes[side.outcome]
  return (
    <span className={`cell ${side.outcome}`}>
      <Icon name={icon} size={12} /> {text}, {side.points}/{side.of}
    </span>
  )
}

function Changes({ results }: { readonly results: readonly JobResult[] }) {
  return (
    <ListTable label="What has changed" heads={['Student', 'Points', 'Check', 'Before', 'After']}>
      {results.flatMap((one) =>
        (one.changes ?? []).map((change, at) => (
          <tr key={`${one.task} ${change.check}`}>
            {at === 0 && (
              <>
                <th scope="row" rowSpan={one.changes?.length}>
                  <PageLink to={`/submissions/${one.submission}`}>{one.name}</PageLink>
                </th>
                <td rowSpan={one.changes?.length}>
                  {one.before?.points ?? '–'} → {one.after?.points ?? '–'}
                </td>
              </>
            )}
            <td>{change.title}</td>
            <td>
              <Outcome side={change.before} />
            </td>
            <td>
              <Outcome side={change.after} />
            </td>
          </tr>
        )),
      )}
    </ListTable>
  )
}
