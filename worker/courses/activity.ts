import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'

const MINUTE = 60_000
const MOST = 2_000
/** When a lab was last noted from here. */
const noted = new Map<string, number>()

/** Somebody works in the copy of an assignment: written at most once a minute, and from each place not even asked more often. */
export function noteActivity(tenant: TenantDb, lab: Pick<LabRow, 'id' | 'kind'>, now: number): Promise<unknown> | null {
  if (lab.kind !== 'copy' || now - (noted.get(lab.id) ?? 0) < MINUTE) return null
  noted.delete(lab.id)
  noted.set(lab.id, now)
  const [oldest] = noted.keys()
  if (noted.size > MOST && oldest !== undefined) noted.delete(oldest)
  return Promise.resolve(tenant.copies.touch({ labId: lab.id }, now))
}
