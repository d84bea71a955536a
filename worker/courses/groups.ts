import type { z } from 'zod'
import type { TenantDb } from '../db/tenant/index.ts'
import type { courseGroup } from './schemas.ts'

/** The groups of a course with who is in them, by name. */
export async function groupsOf(tenant: TenantDb, course: string): Promise<z.infer<typeof courseGroup>[]> {
  const groups = new Map<string, z.infer<typeof courseGroup>>()
  for (const { id, name, personId, personName } of await tenant.groups.list(course)) {
    const its = groups.get(id) ?? { id, name, members: [] }
    if (personId !== null) its.members.push({ id: personId, name: personName ?? '' })
    groups.set(id, its)
  }
  return [...groups.values()]
}
