import type { Db } from '../db/database.ts'
import { unproved, userOfPerson } from '../db/identities.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'

/** Labs whose journals are read for one export. */
const MOST_LABS = 200

type InLab = {
  readonly lab: string
  readonly title: string
  readonly lines: readonly unknown[]
  readonly messages: readonly unknown[]
}

/** Everything that is known of a person here, as JSON: rows by table, and what they typed and said in labs. No secrets. */
export async function exportPerson(env: Env, db: Db, tenant: TenantDb, personId: string) {
  const member = await tenant.people.find(personId)
  const user = await userOfPerson(db, personId)
  const rows = await tenant.personal.rows(personId)
  const labs: InLab[] = []
  const unanswered: string[] = []
  for (const row of await tenant.labs.typedInBy(personId, MOST_LABS)) {
    try {
      const [lines, messages] = await Promise.all([
        callLab(env, row, (host) => host.linesOf(personId)),
        callLab(env, row, (host) => host.messagesOf(personId)),
      ])
      if (lines.length + messages.length > 0) labs.push({ lab: row.id, title: row.title, lines, messages })
    } catch (error) {
      unanswered.push(row.id)
      log.warn('lab-export-failed', { lab: row.id, message: (error as Error).message })
    }
  }
  const account = user && { email: user.email, verified: user.verified, ways: user.providers }
  const waiting = (await unproved(db, personId, 0))?.email ?? null
  const person = { id: personId, name: member?.name ?? '', role: member?.role ?? null }
  return {
    person,
    account: account ?? null,
    unprovedAddress: waiting,
    rows,
    labs,
    unanswered,
    note: 'Times are milliseconds since 1970.',
  }
}
