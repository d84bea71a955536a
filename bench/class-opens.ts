// A class opens the same assignment, each their own copy, on one local service.
import { child } from './child.ts'
import type { Benchmark } from './harness.ts'

const STUDENTS = Number(process.env['STUDENTS'] ?? 200)
const SECONDS = 10

export type ClassOpens = {
  /** Milliseconds from the request until the lab greets over its socket. */
  readonly p50: number
  readonly p95: number
  readonly most: number
  /** Of these, until the answer names the lab. */
  readonly answered50: number
  readonly answered95: number
  readonly errors: number
  /** The same of one student alone, when nobody else is there. */
  readonly alone: number
  readonly labs: number
}

const opens = (name: string, what: string, ...args: string[]): Benchmark => ({
  name,
  says: `p95 until a lab greets: ${STUDENTS} signed-in students open ${what} within ${SECONDS} seconds on one local service`,
  run: () => {
    const { p50, p95, most, answered50, answered95, errors, alone, labs } = child<ClassOpens>('class-opens', [
      ...[STUDENTS, SECONDS],
      ...args,
    ])
    const ms = (value: number) => `${Math.round(value)} ms`
    console.error(
      `${name}: ${labs} labs, ${errors} errors; until the lab greets p50 ${ms(p50)}, p95 ${ms(p95)}, most ${ms(most)}; until the answer p50 ${ms(answered50)}, p95 ${ms(answered95)}`,
    )
    if (errors > 0) throw new Error(`${errors} of ${STUDENTS} students have no lab`)
    return { value: p95, unit: 'milliseconds', reference: alone, referenceIs: 'one student alone', runs: STUDENTS }
  },
})

export const classOpens = opens('class-opens', 'the same assignment')
export const classOpensVariants = opens('class-opens-variants', 'an assignment with a variant each', 'no-network', 'each')
