import { packetRow } from '../../durable/protocol.ts'
import { z } from '../openapi.ts'
import { changedCheck } from './changes.ts'

// A grade as it is kept in the database: everything but the bytes of packets, which the frozen lab has or makes again.

/** As the packet list shows it. */
const packet = packetRow.omit({ cause: true, command: true })

export const keptEvidence = z
  .object({
    trial: z.boolean().describe('the packets are of a copy that was made for the check: ask for the evidence to see their bytes'),
    packets: z.array(packet),
    rows: z.array(z.object({ machine: z.string(), table: z.string(), row: z.string() })),
    lines: z.array(z.number()).describe('lines of the journal of the submitted lab'),
    at: z.number().describe('lab time of what was looked at'),
  })
  .meta({ id: 'KeptEvidence' })

export const keptCheck = z
  .object({
    id: z.string(),
    title: z.string(),
    outcome: z.enum(['pass', 'fail', 'could-not-run']),
    points: z.number(),
    of: z.number(),
    message: z.string(),
    packets: z.array(z.number()).describe('packets of the submitted lab that show it; empty when it was shown in a copy'),
    hints: z.object({ taken: z.number(), of: z.number(), cost: z.number() }).nullable(),
    expected: z.string().nullable().describe('the right answer to a task; only for those who teach'),
    evidence: keptEvidence,
  })
  .meta({ id: 'KeptCheck' })
export type KeptCheck = z.infer<typeof keptCheck>

export const keptReport = z.object({
  at: z.number(),
  rubric: z.string().nullable().describe('SHA-256 of the rubric; null: the checks of the lab itself'),
  chain: z.string().describe('end of the hash chain over the journal'),
  state: z.string().describe('SHA-256 of the state that was graded'),
  results: z.array(keptCheck),
})
export type KeptReport = z.infer<typeof keptReport>

export { changedCheck }

/** What grading a lab answers, as far as it is kept. */
type Graded = Omit<KeptReport, 'results'> & {
  readonly results: readonly (Omit<KeptCheck, 'evidence' | 'hints' | 'packets'> & {
    readonly packets: readonly number[]
    readonly trial: boolean
    readonly hints: { readonly taken: number; readonly of: number; readonly cost: number } | null
    readonly evidence: {
      readonly trial: boolean
      readonly packets: readonly z.infer<typeof packet>[]
      readonly rows: readonly { readonly machine: string; readonly table: string; readonly row: string }[]
      readonly lines: readonly number[]
      readonly at: number
    }
  })[]
}

/** A row of the database takes 2 MB; nobody reads so much. */
const MOST = 400_000
const FEWER = [16, 4, 1, 0]

/** Without the bytes of packets; when that is still too much, with fewer packets and rows of each check. */
export function toKept({ at, rubric, chain, state, results }: Graded): KeptReport {
  for (const most of FEWER) {
    const kept = { at, rubric, chain, state, results: results.map((one) => keep(one, most)) }
    if (most === 0 || JSON.stringify(kept).length <= MOST) return kept
  }
  throw new Error('unreachable')
}

function keep(one: Graded['results'][number], most: number): KeptCheck {
  const { id, title, outcome, points, of, message, hints, expected, evidence } = one
  const packets = evidence.packets.slice(0, most).map((shown) => packet.parse(shown))
  const rows = evidence.rows.slice(0, most * 4).map((row) => ({ ...row }))
  return {
    ...{ id, title, outcome, points, of, message, hints, expected },
    packets: one.trial ? [] : one.packets.slice(0, 100),
    evidence: { trial: evidence.trial, packets, rows, lines: evidence.lines.slice(0, 200), at: evidence.at },
  }
}

/** As students see it. */
export const forStudents = (report: KeptReport): KeptReport => ({
  ...report,
  results: report.results.map((one) => ({ ...one, expected: null })),
})
