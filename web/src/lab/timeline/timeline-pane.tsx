import { useEffect, useMemo, useRef, useState } from 'react'
import type { HistoryLine } from '../../../../durable/protocol.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Starts } from '../time/moment.ts'
import { entriesOf } from './history-log.ts'
import { LeftBranch } from './left-branch.tsx'
import { beginning } from './line-words.ts'
import { Replay } from './replay.tsx'
import './snapshots.css'
import { Snapshots } from './snapshots.tsx'
import './timeline.css'
import { TimelineLine } from './timeline-line.tsx'
import { useHistory } from './use-history.ts'
import { useTravel } from './use-travel.tsx'

type Props = {
  /** The line it was opened for. */
  readonly wanted: { readonly line: number } | null
  readonly starts: Starts
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onClose: () => void
}

const SHOWN = 300
const NOTHING = { lines: [], branches: [] }

/** Everything that was ever put into the lab, and the ways back into it. */
export default function TimelinePane({ wanted, starts, onShowPackets, onClose }: Props) {
  const history = useHistory()
  const [chosen, setChosen] = useState<number | null>(null)
  const [shown, setShown] = useState(SHOWN)
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const known = useMemo(
    () => (history.state === 'ready' ? { ...history.value, lines: [beginning, ...history.value.lines] } : NOTHING),
    [history],
  )
  const entries = useMemo(() => entriesOf(known), [known])
  const visible = entries.slice(-shown)
  const travel = useTravel(known, history.again)

  useEffect(() => {
    if (wanted === null) return
    atEnd.current = false
    setShown(Number.POSITIVE_INFINITY)
    setChosen(wanted.line)
  }, [wanted])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest line stays in view while nobody has scrolled away
  useEffect(() => {
    if (atEnd.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [entries])

  const line = (one: HistoryLine) => (
    <TimelineLine
      key={one.id}
      line={one}
      chosen={one.id === chosen}
      starts={starts}
      travel={travel}
      onChoose={() => setChosen(one.id === chosen ? null : one.id)}
      onShowPackets={onShowPackets}
    />
  )
  return (
    <section className="pane timeline-pane" aria-label="Timeline">
      <div className="pane-bar">
        <h2>Timeline</h2>
        <span className="grow" />
        <Button small quiet iconOnly aria-label="Close the timeline" onClick={onClose}>
          <Icon name="cross" size={12} />
        </Button>
      </div>
      <Replay starts={starts} />
      {history.state === 'ready' && (
        <Snapshots snapshots={history.value.snapshots} starts={starts} travel={travel} onTaken={history.again} />
      )}
      <div
        ref={scroller}
        className="timeline-scroll"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollTop + clientHeight >= scrollHeight - 24
        }}
      >
        {history.state === 'loading' && <Loading text="Reading the journal" />}
        {history.state === 'failed' && (
          <Notice title="The journal did not load" tone="fail">
            <p>{history.error.message}</p>
            <Button onClick={history.again}>Try again</Button>
          </Notice>
        )}
        {entries.length > visible.length && (
          <Button small className="earlier" onClick={() => setShown(shown + SHOWN)}>
            Show {Math.min(SHOWN, entries.length - visible.length)} earlier
          </Button>
        )}
        <ol className="timeline-list">
          {visible.map((entry) =>
            entry.type === 'line' ? (
              line(entry.line)
            ) : (
              <LeftBranch key={`left ${entry.branch}-${entry.by?.id ?? 0}`} entry={entry} />
            ),
          )}
        </ol>
      </div>
      {travel.dialog}
    </section>
  )
}
