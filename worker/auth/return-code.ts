import type { TenantDb } from '../db/tenant/index.ts'
import { randomId, sha256 } from './tokens.ts'

/** Case, spaces and dashes do not count in what is copied from paper. */
export const plainCode = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** A new return code of a person, 80 random bits; it is shown now and never again, and the one before ends. */
export async function newReturnCode(tenant: TenantDb, personId: string): Promise<string> {
  const plain = randomId().slice(0, 16)
  await tenant.arrivals.setReturnCode(personId, await sha256(plain), Date.now())
  return plain.match(/.{4}/g)?.join('-') ?? plain
}
