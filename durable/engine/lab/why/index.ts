// What others may use: the two questions, and the catalogue of faults.
export { type Fault, faults, type Probed, probe } from './faults.ts'
export {
  CAUSE_KINDS,
  type Cause,
  type CauseKind,
  type CommandResult,
  type Explanation,
  type History,
  type JournalLine,
  type NamedCause,
  type Outcome,
  type Sentence,
  type TableRow,
  type WhyNothing,
} from './history.ts'
export { whyNothing } from './why-nothing.ts'
export { whyPacket } from './why-packet.ts'
