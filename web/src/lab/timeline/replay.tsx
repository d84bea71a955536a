import { lazy, Suspense, useState } from 'react'
import type { ReplayReport } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLab } from '../lab-context.ts'
import type { Starts } from '../time/moment.ts'

const ReplayDifference = lazy(() => import('./replay-difference.tsx'))

/** Runs the whole session again beside the lab, and says whether the same packets came of it. */
export function Replay({ starts }: { readonly starts: Starts }) {
  const { id } = useLab()
  const [running, setRunning] = useState(false)
  const [report, setReport] = useState<ReplayReport | null>(null)
  const [looking, setLooking] = useState(false)
  const replay = () => {
    setRunning(true)
    api
      .replay(id)
      .then(setReport, (error: Error) => toast(`The session was not replayed. ${error.message}`, 'fail'))
      .finally(() => setRunning(false))
  }
  const difference = report?.difference ?? null
  return (
    <section className="replay" aria-label="Replay">
      <span role="status">
        {running ? 'Running every line again…' : report === null ? <Intro /> : <Result report={report} />}
      </span>
      {difference !== null && !running && (
        <Button small primary onClick={() => setLooking(true)}>
          Compare
        </Button>
      )}
      <Button small disabled={running} onClick={replay}>
        {report === null ? 'Replay' : 'Again'}
      </Button>
      {looking && difference !== null && (
        <Suspense fallback={null}>
          <ReplayDifference difference={difference} starts={starts} onClose={() => setLooking(false)} />
        </Suspense>
      )}
    </section>
  )
}

const Intro = () => <>Run the session again from its seed, beside the lab, and compare every packet.</>

function Result({ report }: { readonly report: ReplayReport }) {
  const { from, lines, same, engine, difference } = report
  const since =
    from === 0 ? '' : ` It began after line ${from}: what real machines sent before is not kept, or the lab was reset.`
  const versions =
    engine.recorded === engine.now ? '' : ` Recorded by engine ${engine.recorded}, run again by engine ${engine.now}.`
  return (
    <span className={same ? 'same' : 'differs'}>
      <Icon name={same ? 'check' : 'warn'} size={13} />
      <span>
        {same
          ? `${lines === 1 ? 'One line' : `${lines} lines`} run again: the same packets, byte for byte.`
          : difference === null
            ? 'Something differs.'
            : `The first difference is ${difference.line === 0 ? 'before the first line' : `at line ${difference.line}`}: ${difference.what}.`}
        {versions}
        {since}
      </span>
    </span>
  )
}
