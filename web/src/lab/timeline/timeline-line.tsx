import { lazy, Suspense } from 'react'
import type { HistoryLine } from '../../../../durable/protocol.ts'
import { Icon } from '../../ui/icon.tsx'
import { whenText } from '../../ui/when.ts'
import { durationText } from '../time/duration.ts'
import { momentText, type Starts } from '../time/moment.ts'
import { deedOf, statusWords, typedText } from './line-words.ts'
import type { Travel } from './use-travel.tsx'

const LineActions = lazy(() => import('./line-actions.tsx'))

type Props = {
  readonly line: HistoryLine
  readonly chosen: boolean
  readonly starts: Starts
  readonly travel: Travel
  readonly onChoose: () => void
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
}

export function TimelineLine({ line, chosen, starts, travel, onChoose, onShowPackets }: Props) {
  const { id, console, by, at, endedAt, wall, exitStatus, current, snapshot } = line
  const bad = exitStatus !== null && exitStatus !== 0
  const took = endedAt === null || endedAt - at < 1_000_000 ? '' : `, took ${durationText(endedAt - at)}`
  const status = statusWords(line)
  return (
    <li className={`timeline-line ${current ? '' : 'left'} ${chosen ? 'chosen' : ''}`}>
      <button type="button" aria-expanded={chosen} onClick={onChoose}>
        <span className={bad ? 'dot bad' : 'dot'} aria-hidden="true" />
        <span className="what">
          {line.kind === 'exec' ? (
            <>
              <small>{console}</small>
              <code>{line.line === '' ? '(empty line)' : typedText(line.line)}</code>
            </>
          ) : (
            <span className="deed">{deedOf(line)}</span>
          )}
          {!current && <span className="visually-hidden">, left behind</span>}
        </span>
        {id > 0 && (
          <span className="number">
            {status !== '' && status !== 'done' && <em className={bad ? 'bad' : ''}>{status}</em>} {id}
          </span>
        )}
        <span className="when">
          {by === '' ? '' : `${by} · `}
          {momentText(at, starts)}
          {took}
        </span>
        {snapshot !== null && (
          <span className="mark">
            <Icon name="flag" size={11} /> {snapshot}
          </span>
        )}
      </button>
      {chosen && (
        <div className="line-detail">
          {id > 0 && (
            <p>
              Line {id}
              {status === '' ? '' : `, ${status}`}. On the wall it was {whenText(wall)}.
            </p>
          )}
          <Suspense fallback={null}>
            <LineActions line={line} travel={travel} onShowPackets={onShowPackets} />
          </Suspense>
        </div>
      )}
    </li>
  )
}
