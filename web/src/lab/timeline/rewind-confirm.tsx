import type { HistoryLine } from '../../../../durable/protocol.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useLabState } from '../lab-context.ts'
import { nameOfLine } from './line-words.ts'

type Props = {
  readonly line: HistoryLine
  /** Lines that are left behind. */
  readonly later: number
  readonly onConfirm: (force: boolean) => void
  readonly onClose: () => void
}

const list = new Intl.ListFormat('en-GB')

export function RewindConfirm({ line, later, onConfirm, onClose }: Props) {
  const people = useLabState((state) => state.people)
  const you = useLabState((state) => state.you)
  const others = people.filter((one) => one.id !== you).map((one) => one.name)
  const left =
    later === 0
      ? 'Nothing is left behind.'
      : later === 1
        ? 'One later line is left behind, and the timeline keeps it.'
        : `${later} later lines are left behind, and the timeline keeps them.`
  return (
    <Confirm
      title={line.id === 0 ? 'Rewind to the beginning?' : 'Rewind the lab?'}
      action={others.length === 0 ? 'Rewind' : 'Rewind for everybody'}
      onConfirm={() => onConfirm(others.length > 0)}
      onClose={onClose}
    >
      <p>
        {line.id === 0 ? 'The lab becomes as it was at the beginning.' : 'The lab becomes as it was right after '}
        {line.id > 0 && <code>{nameOfLine(line)}</code>}
        {line.id > 0 && `, line ${line.id}.`} {left}
      </p>
      {others.length > 0 && (
        <p className="others">
          <strong>{list.format(others)}</strong> {others.length === 1 ? 'is' : 'are'} here too, and the lab moves for everybody.
        </p>
      )}
    </Confirm>
  )
}
