import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { durationText } from './duration.ts'
import { momentText, type Starts } from './moment.ts'
import type { Outcome } from './use-clock.ts'

type Props = {
  readonly outcome: Outcome
  readonly starts: Starts
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
}

/** What came of letting time pass. */
export function AdvanceOutcome({ outcome, starts, onShowPackets }: Props) {
  const { asked, answer } = outcome
  const { startedAt, endedAt, reached, packets, unsettled } = answer
  const count = packets.length
  const passed = durationText(endedAt - startedAt)
  const still = unsettled.length > 0 ? ` Still under way: ${unsettled.join(', ')}.` : ''
  const text = reached ? `+${passed}` : `Stopped after ${passed}, before ${asked}.`
  return (
    <span className={reached ? 'outcome' : 'outcome short'} role="status">
      {!reached && <Icon name="warn" size={13} />}
      <span className="outcome-text" title={`${passed} passed. Now ${momentText(endedAt, starts)}.${still}`}>
        {text}
        {count === 0 ? ', no packets.' : ''}
        {still}
      </span>
      {count > 0 && (
        <Button small onClick={() => onShowPackets(`time that passed (${asked})`, packets)}>
          {count === 1 ? '1 packet' : `${count} packets`}
        </Button>
      )}
    </span>
  )
}
