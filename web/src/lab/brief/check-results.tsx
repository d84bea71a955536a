import { useEffect, useRef } from 'react'
import type { CheckedReport, GradedCheck } from '../../../../durable/grading/report.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Evidence } from './evidence.tsx'

type Props = {
  readonly report: CheckedReport
  readonly onClose: () => void
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onShowLine: (line: number) => void
}

const outcomes = {
  pass: { text: 'Passed', icon: 'check' },
  fail: { text: 'Not yet', icon: 'cross' },
  'could-not-run': { text: 'Could not run', icon: 'question' },
} as const

export function CheckResults({ report, onClose, onShowPackets, onShowLine }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="check-results" aria-label="Results of the check">
      <header>
        <h3 ref={heading} tabIndex={-1}>
          {report.results.filter((one) => one.outcome === 'pass').length} of {report.results.length} passed
        </h3>
        <meter min={0} max={Math.max(report.of, 1)} value={report.score} aria-label={`${report.score} of ${report.of} points`} />
        <Button small quiet iconOnly aria-label="Close the results" onClick={onClose}>
          <Icon name="cross" size={12} />
        </Button>
      </header>
      <ol>
        {report.results.map((result) => (
          <Result key={result.id} {...{ result, onShowPackets, onShowLine }} />
        ))}
      </ol>
    </section>
  )
}

function Result({ result, onShowPackets, onShowLine }: Omit<Props, 'report' | 'onClose'> & { readonly result: GradedCheck }) {
  const { text, icon } = outcomes[result.outcome]
  const { points, of, hints } = result
  const partly = points > 0 && points < of && result.outcome === 'fail'
  return (
    <li className={`result ${result.outcome}`}>
      <span className="mark">
        <Icon name={icon} size={13} />
      </span>
      <div>
        <strong>{result.title}</strong>
        <span className="outcome">
          {partly ? 'In part' : text}, {points} of {of} {of === 1 ? 'point' : 'points'}
          {hints.cost > 0 && `, ${hints.taken === 1 ? 'a hint' : `${hints.taken} hints`} for ${hints.cost}`}
        </span>
        {result.message !== '' && <p>{result.message}</p>}
        <Evidence {...{ result, onShowPackets, onShowLine }} />
      </div>
    </li>
  )
}
