import type { ConsoleState, Person, TerminalEnd } from '../../../../durable/protocol.ts'
import type { Asking } from '../lab-state.ts'

/** What was told, as it is kept; `now` by the clock of this page. */
export const askedBy = ({ asking }: Pick<ConsoleState, 'asking'>, now: number): Asking[] =>
  asking.map(({ id, name, left }) => ({ id, name, until: now + left }))

export const mayType = (self: Person | undefined): boolean => self?.role !== 'observer' && self?.watching !== true

type Words = { readonly text: string; readonly tone: 'plain' | 'fail' }

/** What became of a terminal, for one of those who were told; null where it is none of theirs. */
export function endOfAsking({ console, how, from, to }: TerminalEnd, you: string): Words | null {
  const [mine, yours] = [to.id === you, from.id === you]
  const plain = (text: string): Words => ({ text, tone: 'plain' })
  switch (how) {
    case 'given':
      return mine ? plain(`${from.name} gave you the terminal ${console}.`) : null
    case 'passed-on':
      if (mine) return plain(`The terminal ${console} is yours: ${from.name} let go.`)
      return yours ? plain(`${to.name} has the terminal ${console} now: you did not answer.`) : null
    case 'taken-over':
      if (yours) return { text: `${to.name} took over the terminal ${console}.`, tone: 'fail' }
      return plain(`${mine ? 'You' : to.name} took over the terminal ${console} from ${from.name}.`)
    case 'refused':
      return mine ? { text: `${from.name} keeps the terminal ${console}.`, tone: 'fail' } : null
    case 'kept':
      return mine ? { text: `${from.name} went on typing in ${console}.`, tone: 'fail' } : null
    case 'taken':
      return null
    default:
      return how satisfies never
  }
}
