import type { AdvanceRequest } from '../../../../durable/protocol.ts'
import { Popover } from '../../ui/popover.tsx'
import { useLab } from '../lab-context.ts'
import type { ToldClock } from '../lab-state.ts'
import { distances, nextWords, timeAt } from './clock.ts'
import { durationText } from './duration.ts'

type Props = {
  readonly clock: ToldClock
  readonly busy: boolean
  readonly onAdvance: (asked: string, request: AdvanceRequest) => void
}

/** To the next event of a kind, each with how far away it is. */
export function NextMenu({ clock, busy, onAdvance }: Props) {
  const lab = useLab()
  return (
    <Popover label="Go to next" name="Go to the next" disabled={busy} onOpen={() => void lab.askClock()}>
      {(close) => (
        <ul className="next-list">
          {distances(clock.state, timeAt(clock, performance.now())).map(({ kind, away }) => (
            <li key={kind}>
              <button
                type="button"
                disabled={away === null}
                onClick={() => {
                  close()
                  onAdvance(`the next ${nextWords[kind]}`, { to: kind })
                }}
              >
                <span>{nextWords[kind].replace(/^./, (one) => one.toUpperCase())}</span>
                <small>{away === null ? 'none due' : `in ${durationText(away)}`}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  )
}
