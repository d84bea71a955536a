import type { ClockState } from '../../../../durable/protocol.ts'

type Mode = ClockState['mode']
type Props = { readonly mode: Mode; readonly onMode: (mode: Mode) => void }

const modes: readonly (readonly [Mode, string, string])[] = [
  ['instant', 'Instant', 'A command takes no waiting: the lab runs until it has settled'],
  ['live', 'Live', 'Time passes as it does on the wall, and you may stop it'],
]

export function ModeSwitch({ mode, onMode }: Props) {
  return (
    <fieldset className="mode-switch">
      <legend className="visually-hidden">How time passes</legend>
      {modes.map(([value, text, title]) => (
        <label key={value} title={title}>
          <input type="radio" name="time-mode" value={value} checked={mode === value} onChange={() => onMode(value)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  )
}
