import { useState } from 'react'
import { authoring, type SolvedDraft } from '../api/authoring.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

type Props = {
  readonly id: string
  readonly solution: string
  readonly seed: number
  /** Saves what is on the page; false: it could not be saved. */
  readonly onSave: () => Promise<boolean>
}

const words: Record<SolvedDraft['outcome'], string> = {
  solved: 'It solves the lab',
  unsolved: 'It does not solve the lab',
  'solved-at-start': 'The lab is solved when it begins: nothing is left to do',
  wrong: 'It does not do what it says',
}

/** Plays a solution in a lab that nobody keeps. */
export function SolveReport({ id, solution, seed, onSave }: Props) {
  const [report, setReport] = useState<SolvedDraft | null>(null)
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    setError('')
    setReport(null)
    try {
      if (!(await onSave())) throw new Error('What you wrote could not be saved.')
      setReport(await authoring.solve(id, solution, seed))
    } catch (problem) {
      setError((problem as Error).message)
    } finally {
      setBusy(false)
    }
  }
  const good = report?.outcome === 'solved'
  return (
    <section className="solve-report" aria-label="Does it solve the lab">
      <Button small disabled={busy} onClick={() => void run()}>
        <Icon name="play" size={12} /> {busy ? 'Playing…' : 'Play it'}
      </Button>
      <div role="status">
        {error !== '' && <p className="solve-words fail">{error}</p>}
        {report !== null && (
          <>
            <p className={`solve-words ${good ? 'pass' : 'fail'}`}>
              <Icon name={good ? 'check' : 'cross'} size={13} /> {words[report.outcome]}: {report.points} of {report.of} points,
              seed {report.seed}
            </p>
            {report.missed.length > 0 && (
              <ul>
                {report.missed.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
    </section>
  )
}
