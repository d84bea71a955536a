import { useEffect, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import type { ToldClock } from '../lab-state.ts'
import { ticks, timeAt } from './clock.ts'
import { fullDate, moment, type Starts } from './moment.ts'

const TICK_MS = 200

/** Lab time: as a date for people, and in seconds as the packet list counts. */
export function ClockFace({ clock, starts }: { readonly clock: ToldClock; readonly starts: Starts }) {
  const [, setTick] = useState(0)
  const running = ticks(clock.state)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setTick((one) => one + 1), TICK_MS)
    return () => clearInterval(timer)
  }, [running])
  const now = timeAt(clock, performance.now())
  const seconds = (now / 1_000_000).toFixed(running ? 0 : 4)
  const { date, time } = moment(now, starts)
  return (
    <span
      className="clock-face"
      role="timer"
      aria-label="Lab time"
      title={`Lab time: ${fullDate(now, starts)}, ${seconds} s since the lab began`}
    >
      <Icon name="clock" size={14} />
      <span>{date}</span>
      <strong>{time}</strong>
      {clock.state.mode === 'instant' && <small>{seconds}&nbsp;s</small>}
    </span>
  )
}
