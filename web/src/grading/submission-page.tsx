import { useCallback, useEffect, useState } from 'react'
import { grading, type SubmissionDetails } from '../api/grading.ts'
import { type Reloadable, useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { CheckCard } from './check-card.tsx'
import { GradingPage } from './grading-page.tsx'
import { OverrideDialog } from './override-dialog.tsx'
import { Remarks } from './remarks.tsx'
import { lateText, pointsText, states } from './words.ts'

/** While it is being graded, the page looks again so often. */
const LOOK_AGAIN_MS = 1_500

/** A submission with its grade, for whoever handed it in and for those who grade. */
export default function SubmissionPage({ params }: PageProps) {
  const { id } = params
  const loaded = useLoad(useCallback(() => grading.submission(id), [id]))
  const { reload } = loaded
  const waits = loaded.state === 'ready' && (loaded.value.state === 'submitted' || loaded.value.state === 'grading')
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(reload, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [waits, reload])
  const details = loaded.state === 'ready' ? loaded.value : null
  const above = [
    { label: 'Grades', path: '/grades' },
    ...(details?.may.grade ? [{ label: details.assignment.title, path: `/grades/${details.assignment.id}` }] : []),
  ]
  return (
    <GradingPage
      title={details === null ? 'Submission' : details.may.ask ? details.assignment.title : details.name}
      above={above}
      actions={details !== null && <Actions details={details} />}
    >
      {loaded.state === 'loading' && <Loading text="Reading the submission" />}
      {loaded.state === 'failed' && (
        <Notice title="This submission cannot be shown" tone="fail">
          <p>{loaded.error.message}</p>
          <Button onClick={loaded.reload}>Try again</Button>
        </Notice>
      )}
      {details !== null && <Body details={details} loaded={loaded} />}
    </GradingPage>
  )
}

function Actions({ details }: { readonly details: SubmissionDetails }) {
  const again = () =>
    grading.regradeOne(details.id).then(
      ({ job }) => navigate(`/jobs/${job.id}`),
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <>
      {details.lab !== null && (
        <PageLink to={`/labs/${details.lab}`} className="button">
          <Icon name="open" size={14} /> Open the submitted lab
        </PageLink>
      )}
      {details.may.grade && (
        <>
          <Button onClick={() => void again()}>Grade again</Button>
          <a className="button" href={grading.archiveAddress(details.id)} download>
            <Icon name="download" size={14} /> Archive
          </a>
        </>
      )}
    </>
  )
}

function Body({ details, loaded }: { readonly details: SubmissionDetails; readonly loaded: Reloadable<SubmissionDetails> }) {
  const [changing, setChanging] = useState(false)
  const { grade } = details
  const whole = details.overrides.find(({ check }) => check === null)
  return (
    <>
      <p className="lead">
        {details.course.title}. Attempt {details.attempt}, handed in {whenText(details.submittedAt)},{' '}
        {lateText(details.lateMs, details.latePercent)}.
      </p>
      {grade === null ? (
        <Notice
          title={details.state === 'failed' ? 'It could not be graded' : 'It is not graded yet'}
          tone={details.state === 'failed' ? 'fail' : 'plain'}
        >
          <p>
            {details.state === 'failed'
              ? 'Those who teach see why among the jobs, and can have it graded again.'
              : `This page looks again by itself; now it is ${states[details.state] ?? details.state}.`}
          </p>
        </Notice>
      ) : (
        <>
          <section className="score" aria-label="Points">
            <strong>{pointsText(grade.final, grade.of)}</strong>
            <meter min={0} max={Math.max(grade.of, 1)} value={grade.final} aria-label={pointsText(grade.final, grade.of)} />
            <span>
              {whole === undefined
                ? `${grade.earned} by the checks${grade.lost > 0 ? `, ${grade.lost} off for lateness` : ''}`
                : `given by ${whole.by}: ${whole.reason}`}
            </span>
            {details.may.grade && (
              <Button small onClick={() => setChanging(true)}>
                Change the whole
              </Button>
            )}
          </section>
          <Remarks details={details} check={null} onChange={loaded.reload} />
          <h2>Checks</h2>
          <ol className="check-list">
            {grade.checks.map((check) => (
              <CheckCard key={check.id} details={details} check={check} onChange={loaded.reload} />
            ))}
          </ol>
          <details className="proof">
            <summary>What the grade rests on</summary>
            <dl>
              <dt>Graded</dt>
              <dd>
                {whenText(grade.gradedAt)}, rubric version {grade.rubricVersion}, engine {grade.engineVersion}
              </dd>
              <dt>Digest</dt>
              <dd className="mono">{grade.digest}</dd>
              <dt>Journal</dt>
              <dd className="mono">{grade.chain}</dd>
            </dl>
            <p>
              Whoever grades the kept lab again by the same rubric gets the same digest. Earlier grades:{' '}
              {details.history.length - 1}.
            </p>
          </details>
        </>
      )}
      {changing && <OverrideDialog details={details} check={null} onDone={loaded.reload} onClose={() => setChanging(false)} />}
    </>
  )
}
