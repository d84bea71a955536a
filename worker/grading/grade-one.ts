import type { Caller } from '../../durable/contract.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { Env } from '../env.ts'
import { usableLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'

/** As whom the service grades. */
export const GRADER: Caller = { personId: '', name: 'grading', role: 'machine' }

/** The grade of a lab as it is now, by a rubric or by its own checks. It tells the right answers. */
export async function gradeLabNow(env: Env, tenant: TenantDb, lab: LabRow | null, rubric: string | null) {
  const row = await usableLab(env, tenant, lab)
  return callLab(env, row, (host) => host.grade(rubric === null ? {} : { rubric }, GRADER))
}
