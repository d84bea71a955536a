import type { z } from 'zod'
import type { AssignmentHead } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { toTime } from '../openapi.ts'
import type { variantProof } from './assignment-schemas.ts'
import { timeOf } from './show.ts'

/** The proof of an assignment, with people and groups by their names as they are now. */
export async function showProof(tenant: TenantDb, row: AssignmentHead): Promise<z.infer<typeof variantProof>['proof']> {
  const found = row.variants === 'same' ? undefined : await tenant.proofs.find(row.id)
  if (found === undefined) return null
  const [people, groups] = await Promise.all([tenant.courses.people(row.courseId), tenant.groups.list(row.courseId)])
  const names = new Map<string, string>([
    ...people.map(({ id, name }) => [`person:${id}`, name] as const),
    ...groups.map(({ id, name }) => [`group:${id}`, name] as const),
  ])
  const nameOf = (holder: string) => names.get(holder) ?? 'somebody who has left'
  const { state, note, sha256, capacity, of, tried, proved, faults, without, startedAt, finishedAt } = found
  return {
    ...{ state, note, sha256, capacity, of, tried, proved },
    faults: faults.map(({ seed, holder, outcome, variant, missed }) => ({
      ...{ seed, holder: holder === null ? null : nameOf(holder), outcome, variant: [...variant], missed: [...missed] },
    })),
    without: without.map(nameOf),
    startedAt: toTime(startedAt),
    finishedAt: timeOf(finishedAt),
  }
}
