// Linux command lines on a real network namespace and on a simulated guest with the same addresses (issue 4).
// UPDATE_PARITY=1 (as root) records the real side anew; docs/linux-parity.md is written with it, or with UPDATE_GOLDEN=1.
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Compared, compare } from './linux-parity-compare.ts'
import { LINES } from './linux-parity-lines.ts'
import { FIXTURE, real, recordedAnswers, simulated, systemName, whyNot } from './linux-parity-sides.ts'
import { parityTable, percent, totalOf } from './linux-parity-table.ts'

const DOC = 'docs/linux-parity.md'
const update = process.env['UPDATE_PARITY'] === '1'
const missing = whyNot()
/** A process a line: on a busy machine they take their time. */
const PATIENCE = 600_000

const compared = (answers: readonly Parameters<typeof compare>[0][], sim: readonly Parameters<typeof compare>[1][]): Compared[] =>
  answers.map((answer, at) => compare(answer, sim[at] as Parameters<typeof compare>[1]))

describe('Linux command lines', () => {
  if (update)
    it(
      'are recorded from a real network namespace',
      async () => {
        expect(missing).toBeUndefined()
        const answers = await real(LINES)
        writeFileSync(FIXTURE, `${JSON.stringify({ system: systemName(), answers }, null, 2)}\n`)
      },
      PATIENCE,
    )

  it('agree with what a real network namespace printed, in nine lines of ten at least', () => {
    const { system, answers } = recordedAnswers()
    expect(answers.map(({ line }) => line)).toEqual(LINES)
    const all = compared(answers, simulated(LINES))
    const total = totalOf(all)
    const table = parityTable(system, all)
    if (update || process.env['UPDATE_GOLDEN'] === '1') writeFileSync(DOC, table)
    console.log(
      `linux-parity: ${total.agree} of ${total.lines} lines agree (${percent(total.agree, total.lines)}), ${total.whole} of ${total.commands} commands whole`,
    )
    expect(total.commands).toBeGreaterThanOrEqual(60)
    expect(total.agree * 10).toBeGreaterThanOrEqual(total.lines * 9)
    expect(readFileSync(DOC, 'utf8')).toBe(table)
  })

  // `npm run test:interop` asks for it.
  if (process.env['LINUX_PARITY'] === 'live')
    it.skipIf(missing !== undefined)(
      `agree with this machine's kernel, live${missing === undefined ? '' : `: ${missing}`}`,
      async () => {
        const total = totalOf(compared(await real(LINES), simulated(LINES)))
        console.log(`linux-parity, live: ${total.agree} of ${total.lines} lines agree (${percent(total.agree, total.lines)})`)
        expect(total.agree * 10).toBeGreaterThanOrEqual(total.lines * 9)
      },
      PATIENCE,
    )
})
