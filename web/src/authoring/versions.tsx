import { useState } from 'react'
import type { AuthoredDetails } from '../api/authoring.ts'
import { Button } from '../ui/button.tsx'
import { whenText } from '../ui/when.ts'
import { DiffView } from './diff-view.tsx'

type Props = {
  readonly lab: AuthoredDetails
  readonly onRestore: (number: number) => void
  readonly onWithdraw: (() => void) | null
}

/** What was published, and what changed since or between. */
export function Versions({ lab, onRestore, onWithdraw }: Props) {
  const { versions, draft } = lab
  const [shown, setShown] = useState<{ from: number; to: number | null } | null>(null)
  if (versions.length === 0) {
    return (
      <div className="solutions-none">
        <h3>Nothing is published yet</h3>
        <p>A published version never changes, and assignments are made of versions.</p>
      </div>
    )
  }
  return (
    <div className="versions">
      <ol className="version-list" reversed>
        {versions.map((version, at) => {
          const before = versions[at + 1]
          return (
            <li key={version.id}>
              <div>
                <strong>Version {version.number}</strong> {version.title}
                <small>
                  {version.publishedBy}, {whenText(version.publishedAt)}
                  {version.note === '' ? '' : `: ${version.note}`}
                </small>
                <small className="mono" title="SHA-256 of its texts">
                  {version.sha256.slice(0, 16)}
                </small>
              </div>
              {before !== undefined && (
                <Button
                  small
                  aria-label={`What changed from version ${before.number} to ${version.number}`}
                  onClick={() => setShown({ from: before.number, to: version.number })}
                >
                  Changes in it
                </Button>
              )}
              {draft !== null && (
                <Button
                  small
                  aria-label={`What changed from version ${version.number} to the draft`}
                  onClick={() => setShown({ from: version.number, to: null })}
                >
                  Compare with the draft
                </Button>
              )}
              <Button small aria-label={`Make version ${version.number} the draft`} onClick={() => onRestore(version.number)}>
                Restore as draft
              </Button>
            </li>
          )
        })}
      </ol>
      {onWithdraw !== null && (
        <p className="version-withdraw">
          <Button small danger onClick={onWithdraw}>
            Withdraw
          </Button>
          Assignments cannot pick it any more; those that did go on. Publishing again brings it back.
        </p>
      )}
      {shown !== null && <DiffView key={`${shown.from} ${shown.to}`} id={lab.id} from={shown.from} to={shown.to} />}
    </div>
  )
}
