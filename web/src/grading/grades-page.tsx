import { useCallback, useEffect, useState } from 'react'
import { type Grades, grading } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { GradingPage } from './grading-page.tsx'
import { RegradeDialog } from './regrade-dialog.tsx'
import { RequestList } from './request-list.tsx'
import { TableFrame } from './table-frame.tsx'
import { outcomes, pointsText, states } from './words.ts'

/** While something is being graded, the page looks again so often. */
const LOOK_AGAIN_MS = 3_000

/** The grades of an assignment, a line for each who has handed in. */
export default function GradesPage({ params }: PageProps) {
  const { assignment: id } = params
  const loaded = useLoad(useCallback(() => grading.grades(id), [id]))
  const [regrading, setRegrading] = useState(false)
  const compare = () =>
    grading.compare(id).then(
      ({ job }) => navigate(`/similarity/${job.id}`),
      (error: Error) => toast(error.message, 'fail'),
    )
  const title = loaded.state === 'ready' ? loaded.value.assignment.title : 'Grades'
  const { reload } = loaded
  const waits = loaded.state === 'ready' && loaded.value.grades.some(({ state }) => state === 'submitted' || state === 'grading')
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(reload, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [waits, reload])
  const mayGrade = loaded.state === 'ready' && loaded.value.mayGrade
  const any = loaded.state === 'ready' && loaded.value.grades.length > 0
  return (
    <GradingPage
      title={title}
      above={[{ label: 'Grades', path: '/grades' }]}
      actions={
        any && (
          <>
            {mayGrade && (
              <>
                <Button primary onClick={() => setRegrading(true)}>
                  Grade again
                </Button>
                <Button onClick={() => void compare()}>Compare journals</Button>
              </>
            )}
            <a className="button" href={grading.tableAddress(id)} download>
              <Icon name="download" size={14} /> Table (CSV)
            </a>
            <a className="button" href={grading.junitAddress(id)} download={`grades-${id}.xml`}>
              <Icon name="download" size={14} /> JUnit
            </a>
          </>
        )
      }
    >
      {loaded.state === 'loading' && <Loading text="Reading the grades" />}
      {loaded.state === 'failed' && (
        <Notice title="These grades cannot be shown" tone="fail">
          <p>{loaded.error.message}</p>
          <Button onClick={loaded.reload}>Try again</Button>
        </Notice>
      )}
      {loaded.state === 'ready' && (
        <>
          <p className="lead">
            {loaded.value.course.title}. The {loaded.value.assignment.counts === 'best' ? 'best' : 'last'} submission counts.
            Rubric version {loaded.value.assignment.rubricVersion}.
          </p>
          {mayGrade && <RequestList assignment={id} titles={titlesOf(loaded.value)} />}
          <GradeTable grades={loaded.value} />
        </>
      )}
      {regrading && loaded.state === 'ready' && (
        <RegradeDialog
          id={id}
          count={loaded.value.grades.length}
          mayCorrect={loaded.value.mayManage}
          onClose={() => setRegrading(false)}
        />
      )}
    </GradingPage>
  )
}

const titlesOf = ({ grades }: Grades) =>
  new Map(grades.flatMap(({ checks }) => checks.map((one) => [one.id, one.title] as const)))

function GradeTable({ grades }: { readonly grades: Grades }) {
  const { grades: lines } = grades
  if (lines.length === 0) {
    return (
      <div className="empty-list">
        <h3>Nothing was handed in yet</h3>
        <p>What students hand in is graded at once and stands here.</p>
      </div>
    )
  }
  const checks = titlesOf(grades)
  return (
    <TableFrame label="Grades">
      <table className="grade-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="number">
              Points
            </th>
            <th scope="col">State</th>
            {[...checks].map(([id, title]) => (
              <th scope="col" key={id} className="check-head">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.holder}>
              <th scope="row">
                <PageLink to={`/submissions/${line.submission}`}>{line.name}</PageLink>
              </th>
              <td className="number">
                {line.points === null || line.of === null ? '–' : pointsText(line.points, line.of)}
                {line.overridden && <small> changed by hand</small>}
              </td>
              <td className="state">
                {states[line.state] ?? line.state}
                <small>
                  {' '}
                  attempt {line.attempt} of {line.attempts}, {whenText(line.submittedAt)}
                  {line.latePercent > 0 ? `, late: ${line.latePercent} % off` : ''}
                </small>
              </td>
              {[...checks.keys()].map((id) => {
                const check = line.checks.find((one) => one.id === id)
                if (check === undefined) return <td key={id}>–</td>
                const { text, icon } = outcomes[check.outcome]
                return (
                  <td key={id} className={`cell ${check.outcome}`} title={text}>
                    <Icon name={icon} size={12} /> <span className="visually-hidden">{text},</span>{' '}
                    {check.overridden ?? check.points}/{check.of}
                    {check.overridden !== null && <span title="changed by hand"> *</span>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}
