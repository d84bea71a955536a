import { randomId, randomToken, sha256 } from '../auth/tokens.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Arrival, NewGroup } from '../db/tenant/roster.ts'
import { type Roster, type RosterLine, readRoster } from './roster.ts'

const WEEK = 7 * 24 * 3600 * 1000

type Known = Awaited<ReturnType<TenantDb['roster']['known']>>[number]
export type Matched = RosterLine & { readonly becomes: 'new' | 'known' | 'enrolled'; readonly person: Known | null }

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/**
 * Whom a line means. By the address of an account; else by the name, of somebody in the course who has no account yet (the list
 * was imported before), or, where the list gives no address, of the one student of the organisation who is called so.
 */
function match(row: RosterLine, known: readonly Known[]): Known | null {
  const { email, name } = row
  // An address that is not proved may be anybody's: then the name must be the same too.
  const account = known.find(
    (one) => email !== null && one.email !== null && same(one.email, email) && (one.proved === true || same(one.name, name)),
  )
  if (account !== undefined) return account
  const called = known.filter((one) => same(one.name, name))
  const here = called.filter((one) => one.role !== null && (email === null || one.email === null))
  if (here.length === 1) return here[0]
  const students = called.filter((one) => one.memberRole === 'student')
  return email === null && students.length === 1 ? students[0] : null
}

/** What importing a class list would do. */
export async function previewRoster(tenant: TenantDb, courseId: string, csv: string): Promise<Roster & { matched: Matched[] }> {
  const roster = readRoster(csv)
  const known = roster.rows.length === 0 ? [] : await tenant.roster.known(courseId)
  const faults = [...roster.faults]
  const taken = new Map<string, number>()
  const matched = roster.rows.map((row): Matched => {
    const person = match(row, known)
    const sooner = person === null ? undefined : taken.get(person.id)
    if (person !== null && sooner !== undefined)
      faults.push({ line: row.line, column: roster.columns[0], message: `This is the same person as in line ${sooner}.` })
    if (person !== null) taken.set(person.id, row.line)
    return { ...row, person, becomes: person === null ? 'new' : person.role === null ? 'known' : 'enrolled' }
  })
  return { ...roster, faults, matched }
}

export type Imported = {
  readonly added: number
  readonly known: number
  readonly links: { readonly name: string; readonly email: string | null; readonly path: string }[]
}

/** Imports a list that has no faults. */
export async function importRoster(tenant: TenantDb, courseId: string, matched: readonly Matched[]): Promise<Imported> {
  const now = Date.now()
  const groups = new Map((await tenant.groups.list(courseId)).map(({ id, name }) => [name.toLowerCase(), id]))
  const newGroups: NewGroup[] = []
  const links: Imported['links'] = []
  const arrivals: Arrival[] = []
  for (const { name, email, role, group, person } of matched) {
    const token = person === null ? randomToken() : null
    if (group !== null && !groups.has(group.toLowerCase())) {
      const made = { id: randomId(), name: group }
      newGroups.push(made)
      groups.set(group.toLowerCase(), made.id)
    }
    arrivals.push({
      personId: person?.id ?? randomId(),
      name,
      role,
      isNew: person === null,
      groupId: group === null ? null : (groups.get(group.toLowerCase()) ?? null),
      tokenHash: token === null ? null : await sha256(token),
    })
    if (token !== null) links.push({ name, email, path: `/auth/link/${token}` })
  }
  await tenant.roster.import(courseId, arrivals, newGroups, now, now + WEEK)
  return { added: links.length, known: matched.length - links.length, links }
}
