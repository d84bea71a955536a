// The catalogue of faults that can be planted in the first lab, and how one is planted and probed.
import type { Sighting } from '../../link/recorder.ts'
import type { LabDefinition } from '../definition.ts'
import { Lab } from '../lab.ts'
import type { Shells } from '../lab-api.ts'
import { type Fault, fill } from './fault.ts'
import { farFaults } from './faults-far.ts'
import { homeFaults } from './faults-home.ts'
import type { CommandResult, History, JournalLine } from './history.ts'

export type { Fault, FaultStep } from './fault.ts'

export const faults: readonly Fault[] = [...homeFaults, ...farFaults]

export type Probed = { readonly lab: Lab; readonly history: History; readonly command: number; readonly result: CommandResult }

/** A lab with the fault in it, after the command that shows it. */
export function probe(fault: Fault, definition: LabDefinition, seed: number, shells: Shells): Probed {
  const lab = new Lab(fault.define?.(definition) ?? definition, seed, shells)
  const journal: JournalLine[] = []
  const sightings: Sighting[] = [...lab.sightings(0)]
  let seen = lab.nextSighting
  const gather = (): void => {
    sightings.push(...lab.sightings(seen))
    seen = lab.nextSighting
  }
  let command = 0
  const enter = (console: string, text: string): CommandResult => {
    const line = fill(text, lab)
    command++
    journal.push({ id: command, console, line })
    const result = lab.exec(console, line, command)
    gather()
    return result
  }
  for (const step of fault.steps ?? []) {
    if ('hand' in step) lab.hand(step.hand, ++command)
    else if ('console' in step) enter(step.console, step.line)
    else step.happens(lab)
    gather()
  }
  const result = enter(fault.probe.console, fault.probe.line)
  return { lab, command, result, history: { sightings, vantages: lab.vantages, journal, definition: lab.definition, lab } }
}
