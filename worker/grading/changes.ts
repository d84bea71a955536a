import { z } from '../openapi.ts'

const outcome = z.enum(['pass', 'fail', 'could-not-run'])
const side = z.object({ outcome, points: z.number(), of: z.number() })

export const changedCheck = z
  .object({
    check: z.string(),
    title: z.string(),
    before: side.nullable().describe('null: this check is new'),
    after: side.nullable().describe('null: this check is no more'),
  })
  .meta({ id: 'ChangedCheck' })
export type ChangedCheck = z.infer<typeof changedCheck>

type Check = {
  readonly id: string
  readonly title: string
  readonly outcome: z.infer<typeof outcome>
  readonly points: number
  readonly of: number
}

const sideOf = (one: Check | undefined) => (one === undefined ? null : { outcome: one.outcome, points: one.points, of: one.of })

/** What grading again has changed, check by check, in the order of the new checks and then of those that are gone. */
export function changesBetween(before: readonly Check[], after: readonly Check[]): ChangedCheck[] {
  const old = new Map(before.map((one) => [one.id, one]))
  const ids = new Set(after.map(({ id }) => id))
  const all = [
    ...after.map((one) => [old.get(one.id), one] as const),
    ...before.filter(({ id }) => !ids.has(id)).map((one) => [one, undefined] as const),
  ]
  return all.flatMap(([was, is]) => {
    const [one, other] = [sideOf(was), sideOf(is)]
    if (JSON.stringify(one) === JSON.stringify(other)) return []
    return [{ check: (is ?? was)?.id ?? '', title: (is ?? was)?.title ?? '', before: one, after: other }]
  })
}
