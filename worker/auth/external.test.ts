import { expect, it } from 'vitest'
import { db as d1, newOrganisation, service } from '../../test/worker/service.ts'
import { openDatabase } from '../db/database.ts'
import { findOrMakePerson, startExternalSession } from './external.ts'

const db = openDatabase(d1)
const somebody = { issuer: 'https://platform.test', subject: 'u-1', name: null, role: 'student' } as const

it('makes a person once, however many come at once, and starts a session without an e-mail address', async () => {
  const organisation = await newOrganisation()
  const all = await Promise.all([1, 2, 3].map(() => findOrMakePerson(db, organisation, somebody)))
  expect(new Set(all.map(({ personId }) => personId)).size).toBe(1)
  expect(all.filter(({ created }) => created)).toHaveLength(1)
  const token = await startExternalSession(db, organisation, all[0].personId, null)
  const { request } = service()
  const session = await request('/auth/session', { headers: { cookie: `switchroom_session=${token}` } })
  expect(await session.json()).toMatchObject({ person: { id: all[0].personId, name: 'Guest' }, role: 'student' })
})

it('takes over a name that is told later, keeps the role, and stays away when they were removed', async () => {
  const organisation = await newOrganisation()
  const { personId } = await findOrMakePerson(db, organisation, somebody)
  const again = await findOrMakePerson(db, organisation, { ...somebody, name: 'Ada', role: 'teacher' })
  expect(again).toEqual({ personId, created: false, removed: false, more: true })
  // What was given before is nothing new, also after somebody here has taken it away.
  expect(await findOrMakePerson(db, organisation, { ...somebody, role: 'teacher' })).toMatchObject({ more: false })
  const row = () =>
    d1
      .prepare('select p.name, m.role from membership m join person p on p.id = m.person_id where m.organisation_id = ?')
      .bind(organisation)
      .first()
  expect(await row()).toEqual({ name: 'Ada', role: 'student' })
  await d1.prepare('delete from membership where organisation_id = ?').bind(organisation).run()
  expect(await findOrMakePerson(db, organisation, { ...somebody, name: 'Other' })).toMatchObject({ personId, removed: true })
  expect(await row()).toBeNull()
})

it('is somebody else in another organisation, and for another platform', async () => {
  const [one, other] = [await newOrganisation(), await newOrganisation()]
  const ids = await Promise.all([
    findOrMakePerson(db, one, somebody),
    findOrMakePerson(db, other, somebody),
    findOrMakePerson(db, one, { ...somebody, issuer: 'https://other.test' }),
  ])
  expect(new Set(ids.map(({ personId }) => personId)).size).toBe(3)
})
