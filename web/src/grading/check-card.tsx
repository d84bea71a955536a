import { useState } from 'react'
import type { Check, SubmissionDetails } from '../api/grading.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { EvidenceDialog } from './evidence-dialog.tsx'
import { OverrideDialog } from './override-dialog.tsx'
import { Remarks } from './remarks.tsx'
import { outcomes, plural, pointsText } from './words.ts'

type Props = { readonly details: SubmissionDetails; readonly check: Check; readonly onChange: () => void }

/** One check: outcome, points, the reason, what shows it, and what people added. */
export function CheckCard({ details, check, onChange }: Props) {
  const [open, setOpen] = useState<'evidence' | 'override' | null>(null)
  const { text, icon } = outcomes[check.outcome]
  const given = details.overrides.find((one) => one.check === check.id)
  const { hints } = check
  return (
    <li className={`check-card ${check.outcome}`}>
      <span className="mark">
        <Icon name={icon} size={14} />
      </span>
      <div className="check-body">
        <h3>{check.title}</h3>
        <p className="check-points">
          {text}, {pointsText(given?.points ?? check.points, check.of)}
          {given !== undefined && (
            <span>
              {' '}
              instead of {check.points}, given by {given.by}: {given.reason}
            </span>
          )}
          {hints !== null && hints.taken > 0 && (
            <span>
              {' '}
              ({plural(hints.taken, 'hint', 'hints')} read{hints.cost > 0 ? `, for ${pointsText(hints.cost)}` : ''})
            </span>
          )}
        </p>
        {check.message !== '' && <p>{check.message}</p>}
        {check.expected !== null && (
          <p className="expected">
            Right answer: <code>{check.expected}</code>
          </p>
        )}
        <EvidenceLinks details={details} check={check} onTrial={() => setOpen('evidence')} />
        {details.may.grade && (
          <Button small onClick={() => setOpen('override')}>
            Change the points
          </Button>
        )}
        <Remarks details={details} check={check.id} onChange={onChange} />
      </div>
      {open === 'evidence' && <EvidenceDialog submission={details.id} check={check} onClose={() => setOpen(null)} />}
      {open === 'override' && <OverrideDialog details={details} check={check} onDone={onChange} onClose={() => setOpen(null)} />}
    </li>
  )
}

/** Each leads to the place in the submitted lab, or to packets of the copy in which the check was tried. */
function EvidenceLinks({
  details,
  check,
  onTrial,
}: {
  readonly details: SubmissionDetails
  readonly check: Check
  readonly onTrial: () => void
}) {
  const { evidence, packets } = check
  const lab = details.lab === null ? null : `/labs/${details.lab}`
  const rows = [...new Map(evidence.rows.map((one) => [`${one.machine} ${one.table} ${one.row}`, one])).values()]
  const lines = evidence.lines.slice(0, 5)
  if (lab === null) return null
  const trial = evidence.trial && evidence.packets.length > 0
  if (!trial && packets.length === 0 && rows.length === 0 && lines.length === 0) return null
  return (
    <ul className="evidence" aria-label="Evidence">
      {trial && (
        <li>
          <Button small onClick={onTrial}>
            <Icon name="step-packet" size={13} /> {plural(evidence.packets.length, 'packet', 'packets')} of the trial
          </Button>
        </li>
      )}
      {packets.length > 0 && (
        <li>
          <PageLink to={`${lab}?packets=${packets.join(',')}&for=${encodeURIComponent(check.title)}`} className="button small">
            <Icon name="step-packet" size={13} /> {plural(packets.length, 'packet', 'packets')} in the lab
          </PageLink>
        </li>
      )}
      {rows.slice(0, 5).map(({ machine, table, row }) => (
        <li key={`${machine} ${table} ${row}`}>
          <PageLink
            to={`${lab}?machine=${encodeURIComponent(machine)}&table=${encodeURIComponent(table)}&row=${encodeURIComponent(row)}`}
            className="button small"
          >
            {table} of {machine}
          </PageLink>
          <code className="row-text">{row}</code>
        </li>
      ))}
      {lines.map((line) => (
        <li key={line}>
          <PageLink to={`${lab}?line=${line}`} className="button small">
            <Icon name="terminal" size={13} /> line {line}
          </PageLink>
        </li>
      ))}
    </ul>
  )
}
