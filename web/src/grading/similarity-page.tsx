import { useCallback } from 'react'
import { grading, type Similarity } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { GradingPage } from './grading-page.tsx'
import { Progress } from './job-page.tsx'
import { ListTable } from './table-frame.tsx'
import { useJob } from './use-job.ts'
import { plural } from './words.ts'

/** Which journals of an assignment are alike, and in what. */
export default function SimilarityPage({ params }: PageProps) {
  const job = useJob(params.job)
  const title = job.state === 'ready' ? job.value.label : 'Compare journals'
  return (
    <GradingPage title={title} above={[{ label: 'Grades', path: '/grades' }]}>
      <p className="lead">
        Pairs that share what few others in the class have: three commands in a row, mistakes letter by letter, and how close in
        time they were typed. Addresses, numbers and spaces do not count. People who work side by side or follow the same page
        look like this as well: it is a reason to ask, never a proof.
      </p>
      {job.state === 'loading' && <Loading text="Looking at the comparison" />}
      {job.state === 'failed' && (
        <Notice title="This comparison cannot be shown" tone="fail">
          <p>{job.error.message}</p>
        </Notice>
      )}
      {job.state === 'ready' && job.value.state === 'running' && <Progress job={job.value} />}
      {job.state === 'ready' && job.value.state !== 'running' && <Report id={job.value.id} />}
    </GradingPage>
  )
}

function Report({ id }: { readonly id: string }) {
  const loaded = useLoad(useCallback(() => grading.results(id, 0, false), [id]))
  if (loaded.state === 'loading') return <Loading text="Reading the comparison" />
  if (loaded.state === 'failed') return <p role="alert">{loaded.error.message}</p>
  const [result] = loaded.value.results
  const report = result?.report as Similarity | undefined
  if (report === undefined) return <p role="alert">It could not be compared. {result?.error}</p>
  if (report.pairs.length === 0) {
    return (
      <div className="empty-list">
        <h3>Nothing stands out</h3>
        <p>No two of {plural(report.journals, 'journal', 'journals')} share more than chance and the brief explain.</p>
      </div>
    )
  }
  return (
    <>
      <p>
        {plural(report.pairs.length, 'pair', 'pairs')} among {plural(report.journals, 'journal', 'journals')}.
      </p>
      <ol className="pairs">
        {report.pairs.map((pair) => (
          <li key={`${pair.one.submission} ${pair.other.submission}`}>
            <h2>
              <PageLink to={`/submissions/${pair.one.submission}`}>{pair.one.name}</PageLink> and{' '}
              <PageLink to={`/submissions/${pair.other.submission}`}>{pair.other.name}</PageLink>
            </h2>
            <p>
              {pair.alike} % of the rarer things of the shorter journal are in both: {plural(pair.runs, 'sequence', 'sequences')},{' '}
              {plural(pair.mistakes, 'same mistake', 'same mistakes')}; {pair.moments} within a minute of each other.
            </p>
            <ListTable
              label={`What ${pair.one.name} and ${pair.other.name} share`}
              heads={['What', 'Typed', 'In the class', 'Lines', 'Apart']}
            >
              {pair.shared.map((one) => (
                <tr key={`${one.kind} ${one.one} ${one.other} ${one.text}`}>
                  <td>{one.kind === 'run' ? 'sequence' : 'mistake'}</td>
                  <td>
                    <code>{one.text}</code>
                  </td>
                  <td>{one.has}</td>
                  <td>
                    {one.one} and {one.other}
                  </td>
                  <td>{apartText(one.apart)}</td>
                </tr>
              ))}
            </ListTable>
          </li>
        ))}
      </ol>
    </>
  )
}

const apartText = (seconds: number) =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : seconds < 172_800
        ? `${Math.round(seconds / 3_600)} h`
        : `${Math.round(seconds / 86_400)} days`
