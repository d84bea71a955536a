import type { HistoryLine } from '../../../../durable/protocol.ts'
import { useSession } from '../../api/session.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useLabState } from '../lab-context.ts'
import { nameOfLine } from './line-words.ts'

type Props = {
  readonly line: HistoryLine
  /** Lines that are left behind. */
  readonly later: number
  readonly onRewind: (force: boolean) => void
  readonly onFork: () => void
  readonly onClose: () => void
}

const list = new Intl.ListFormat('en-GB')
/** Those who may decide for the others. */
const decides = new Set(['owner', 'teacher', 'assistant'])

const leftText = (later: number) =>
  later === 0
    ? 'Nothing is left behind.'
    : later === 1
      ? 'One later line is left behind, and the timeline keeps it.'
      : `${later} later lines are left behind, and the timeline keeps them.`

export function RewindConfirm({ line, later, onRewind, onFork, onClose }: Props) {
  const { session } = useSession()
  const people = useLabState((state) => state.people)
  const you = useLabState((state) => state.you)
  const others = people.filter((one) => one.id !== you).map((one) => one.name)
  const forbidden = others.length > 0 && !decides.has(session?.role ?? '')
  const present = (
    <p className="others">
      <strong>{list.format(others)}</strong> {others.length === 1 ? 'is' : 'are'} here too, and the lab would move for everybody.
      {forbidden && ' Only who teaches here may do that. A fork gives you a lab of your own from this line on.'}
    </p>
  )
  if (forbidden) {
    return (
      <Confirm title="Others are in this lab" action="Fork from here instead" danger={false} onConfirm={onFork} onClose={onClose}>
        {present}
      </Confirm>
    )
  }
  return (
    <Confirm
      title={line.id === 0 ? 'Rewind to the beginning?' : 'Rewind the lab?'}
      action={others.length === 0 ? 'Rewind' : 'Rewind for everybody'}
      onConfirm={() => onRewind(others.length > 0)}
      onClose={onClose}
    >
      <p>
        {line.id === 0 ? 'The lab becomes as it was at the beginning.' : 'The lab becomes as it was right after '}
        {line.id > 0 && <code>{nameOfLine(line)}</code>}
        {line.id > 0 && `, line ${line.id}.`} {leftText(later)}
      </p>
      {others.length > 0 && present}
    </Confirm>
  )
}
