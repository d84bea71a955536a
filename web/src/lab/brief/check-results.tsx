import { useEffect, useRef } from 'react'
import type { CheckedReport, GradedCheck } from '../../../../durable/grading/report.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

type Props = {
  readonly report: CheckedReport
  readonly onClose: () => void
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
}

const outcomes = {
  pass: { text: 'Passed', icon: 'check' },
  fail: { text: 'Not yet', icon: 'cross' },
  'could-not-run': { text: 'Could not run', icon: 'question' },
} as const

export function CheckResults({ report, onClose, onShowPackets }: Props) {
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
          <Result key={result.id} result={result} onShowPackets={onShowPackets} />
        ))}
      </ol>
    </section>
  )
}

function Result({ result, onShowPackets }: { readonly result: GradedCheck; readonly onShowPackets: Props['onShowPackets'] }) {
  const { text, icon } = outcomes[result.outcome]
  const count = result.packets.length
  return (
    <li className={`result ${result.outcome}`}>
      <span className="mark">
        <Icon name={icon} size={13} />
      </span>
      <div>
        <strong>{result.title}</strong>
        <span className="outcome">
          {text}, {result.points} of {result.of} {result.of === 1 ? 'point' : 'points'}
        </span>
        {result.message !== '' && <p>{result.message}</p>}
        {count > 0 && result.trial && <p>Tried in a copy of the lab, where {count} packets showed it.</p>}
        {count > 0 && !result.trial && (
          <Button small onClick={() => onShowPackets(result.title, result.packets)}>
            Show {count === 1 ? 'the packet' : `${count} packets`}
          </Button>
        )}
      </div>
    </li>
  )
}
