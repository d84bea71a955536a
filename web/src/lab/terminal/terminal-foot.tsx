import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { nameOf } from '../lab-state.ts'
import { typedText } from '../timeline/line-words.ts'
import type { Choice } from './typing.ts'

type Props = {
  readonly console: string
  readonly choice: Choice | null
  /** Why its last command got nothing is being shown. */
  readonly why: boolean
  readonly onWhy: () => void
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
}

const countText = (count: number) => (count === 0 ? 'no packets' : count === 1 ? '1 packet' : `${count} packets`)

/** One line under the terminal: who types, what Tab offers, what the last command caused. */
export function TerminalFoot({ console, choice, why, onWhy, onShowPackets }: Props) {
  const lab = useLab()
  const view = useLabState((state) => state.consoles.get(console))
  const you = useLabState((state) => state.you)
  const people = useLabState((state) => state.people)
  const stands = useLabState(({ clock }) => clock !== null && clock.state.mode === 'live' && !clock.state.running)
  if (view === undefined) return <div className="terminal-foot" />

  if (view.typist !== null && view.typist !== you) {
    return (
      <div className="terminal-foot typing" role="status">
        <strong>{nameOf(people, view.typist)} is typing</strong> Wait for the line to be entered.
      </div>
    )
  }
  if (choice !== null) {
    return (
      <div className="terminal-foot choices" role="status">
        {choice.candidates.slice(0, 40).map((one, index) => (
          <span key={one} className={index === choice.at ? 'chosen mono' : 'mono'}>
            {one}
          </span>
        ))}
        {choice.candidates.length > 40 && <span>and {choice.candidates.length - 40} more</span>}
      </div>
    )
  }
  if (view.busy) {
    return (
      <div className="terminal-foot" role="status">
        <span>{stands ? 'A command is running, but time stands still.' : 'A command is running.'}</span>
        {stands && (
          <Button
            small
            primary
            onClick={() => void api.setClock(lab.id, { running: true }).then((state) => lab.tellClock(state))}
          >
            <Icon name="play" size={12} /> Play
          </Button>
        )}
        <Button small onClick={() => lab.interrupt(console)}>
          Stop it (Ctrl-C)
        </Button>
      </div>
    )
  }
  const { caused } = view
  return (
    <div className="terminal-foot">
      {caused === null ? (
        <span>Tab completes, ↑ brings earlier commands back.</span>
      ) : (
        <>
          <code title={typedText(caused.line)}>{typedText(caused.line)}</code>
          <span className="says">caused {countText(caused.packets.length)}.</span>
          {caused.packets.length > 0 && (
            <Button small onClick={() => onShowPackets(caused.line, caused.packets)}>
              Show only {caused.packets.length === 1 ? 'it' : 'them'}
            </Button>
          )}
          {caused.unanswered && (
            <Button small aria-expanded={why} onClick={onWhy}>
              Why nothing?
            </Button>
          )}
        </>
      )}
    </div>
  )
}
