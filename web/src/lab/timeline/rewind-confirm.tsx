import type { HistoryLine } from '../../../../durable/protocol.ts'
import { useSession } from '../../api/session.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { othersAreAsked } from '../consent/asked-back.ts'
import { useLabState } from '../lab-context.ts'
import { nameOfLine } from './line-words.ts'

type Props = {
  readonly line: HistoryLine
  /** Lines that are left behind. */
  readonly later: number
  readonly onRewind: (force: boolean) => void
  /** The others, before it is done. */
  readonly onAsk: () => void
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

export function RewindConfirm({ line, later, onRewind, onAsk, onClose }: Props) {
  const { session } = useSession()
  const people = useLabState((state) => state.people)
  const you = useLabState((state) => state.you)
  // Those who only watch are not asked.
  const others = people.filter((one) => one.id !== you && one.role !== 'observer').map((one) => one.name)
  const asks = others.length > 0 && !decides.has(session?.role ?? '')
  const present = (
    <p className="others">
      <strong>{list.format(others)}</strong> {others.length === 1 ? 'is' : 'are'} here too, and the lab would move for everybody.
    </p>
  )
  const asking = (
    <p className="others">
      {othersAreAsked(others.length)} The lab goes back if <strong>{list.format(others)}</strong>{' '}
      {others.length === 1 ? 'agrees' : 'all agree'} within a minute. A fork is a lab of your own, without asking.
    </p>
  )
  return (
    <Confirm
      title={line.id === 0 ? 'Rewind to the beginning?' : 'Rewind the lab?'}
      action={others.length === 0 ? 'Rewind' : asks ? 'Ask them' : 'Rewind for everybody'}
      danger={!asks}
      onConfirm={() => (asks ? onAsk() : onRewind(others.length > 0))}
      onClose={onClose}
    >
      <p>
        {line.id === 0 ? 'The lab becomes as it was at the beginning.' : 'The lab becomes as it was right after '}
        {line.id > 0 && <code>{nameOfLine(line)}</code>}
        {line.id > 0 && `, line ${line.id}.`} {leftText(later)}
      </p>
      {others.length > 0 && (asks ? asking : present)}
    </Confirm>
  )
}
