import type { ClockChange, ClockState } from '../../../../durable/protocol.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { speedsWith, speedText } from './clock.ts'

type Props = { readonly state: ClockState; readonly onChange: (change: ClockChange) => void }

/** What only a lab in live time has: it runs or stands, at a speed, and does something about the time nobody was there. */
export function LiveControls({ state, onChange }: Props) {
  const { running, speed, absence } = state
  return (
    <>
      <Button small primary={!running} className="play" onClick={() => onChange({ running: !running })}>
        <Icon name={running ? 'pause' : 'play'} size={13} /> {running ? 'Pause' : 'Play'}
      </Button>
      <select
        className="field small"
        aria-label="Speed"
        title="Lab seconds in a second"
        value={speed}
        onChange={(event) => onChange({ speed: Number(event.target.value) })}
      >
        {speedsWith(speed).map((one) => (
          <option key={one} value={one}>
            {speedText(one)}
          </option>
        ))}
      </select>
      <select
        className="field small"
        aria-label="While nobody is here"
        title="What the lab does about the time while nobody is here"
        value={absence}
        onChange={(event) => onChange({ absence: event.target.value as ClockState['absence'] })}
      >
        <option value="frozen">Freezes when left</option>
        <option value="catch-up">Catches up when left</option>
      </select>
    </>
  )
}
