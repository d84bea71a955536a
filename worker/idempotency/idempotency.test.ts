import { describe, expect, it } from 'vitest'
import { db, newKey, newOrganisation, problemOf, service } from '../../test/worker/service.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'

const scopes = ['labs:read', 'labs:write']
const make = { definition: 'title: A', seed: 3 }

async function setup() {
  const made = service()
  const organisation = await newOrganisation()
  const headers = await newKey(organisation, scopes)
  const post = (key: string, json: unknown = make, who = headers, path = '/v1/labs') =>
    made.request(path, { method: 'POST', headers: { ...who, 'idempotency-key': key }, json })
  const count = () => db.prepare('select count(*) n from lab where organisation_id = ?').bind(organisation).first('n')
  return { ...made, organisation, headers, post, count }
}

describe('an idempotency key', () => {
  it('of yesterday does not count among those of today', async () => {
    const { organisation, post } = await setup()
    const { answers } = tenantDb(openDatabase(db), organisation)
    const now = Date.now()
    await answers.claim({ id: `old-${organisation}`, requestHash: 'x', createdAt: now - 2, expiresAt: now - 1 })
    expect(await answers.count(now)).toBe(0)
    expect((await post('key-0')).status).toBe(201)
    expect(await answers.count(Date.now())).toBe(1)
  })

  it('makes one lab, however often it is asked, and gives the first answer again', async () => {
    const { post, count } = await setup()
    const first = await post('key-1')
    expect(first.status).toBe(201)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    const again = await post('key-1')
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await again.json()).toEqual(await first.json())
    expect(await count()).toBe(1)
    expect((await post('key-2')).status).toBe(201)
    expect(await count()).toBe(2)
  })

  it('is refused for another body, another address, and when it is none', async () => {
    const { post, count, headers } = await setup()
    await post('key-1')
    expect(await problemOf(await post('key-1', { ...make, seed: 4 }))).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    })
    expect(await problemOf(await post('key-1', make, headers, '/v1/labs?x=1'))).toMatchObject({ status: 422 })
    for (const key of ['x'.repeat(201), 'with space']) expect((await post(key)).status).toBe(400)
    expect(await count()).toBe(1)
  })

  it('belongs to whoever uses it: another key and another organisation are others', async () => {
    const { post, organisation, count } = await setup()
    await post('same')
    expect((await post('same', make, await newKey(organisation, scopes))).headers.get('idempotent-replayed')).toBeNull()
    expect((await post('same', make, await newKey(await newOrganisation(), scopes))).status).toBe(201)
    expect(await count()).toBe(2)
    expect((await post('same', make, {})).status).toBe(401)
  })

  it('lets one of two at once in', async () => {
    const { post, count } = await setup()
    const statuses = (await Promise.all([post('race'), post('race'), post('race')])).map(({ status }) => status).sort()
    expect(statuses[0]).toBe(201)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
    expect(await count()).toBe(1)
  })

  it('of a request that never ended is taken over by one of those who ask again', async () => {
    const { post, organisation, count } = await setup()
    await post('lost')
    const asIfCutOff = 'update answered set status = null, answer = null, created_at = 1 where organisation_id = ?'
    await db.prepare(asIfCutOff).bind(organisation).run()
    const statuses = (await Promise.all([post('lost'), post('lost'), post('lost')])).map(({ status }) => status).sort()
    expect(statuses).toEqual([201, 409, 409])
    expect(await count()).toBe(2)
    expect((await post('lost')).headers.get('idempotent-replayed')).toBe('true')
  })

  it('keeps a refusal that will stay one, and lets go of what would be otherwise next time', async () => {
    const { post, labs, count } = await setup()
    expect((await post('bad', { definition: 'broken' })).status).toBe(422)
    expect((await post('bad', { definition: 'broken' })).headers.get('idempotent-replayed')).toBe('true')
    labs.nextFaults = [new Error('lost')]
    expect((await post('later')).status).toBe(500)
    const after = await post('later')
    expect([after.status, after.headers.get('idempotent-replayed')]).toEqual([201, null])
    expect(Number(await count())).toBeGreaterThan(0)
  })

  it('is kept as a hash, and its answer cannot be read from the database; after a day it is free', async () => {
    const { post, organisation, count } = await setup()
    const first = (await (await post('my-key')).json()) as { id: string }
    const rows = await db.prepare('select * from answered where organisation_id = ?').bind(organisation).all()
    expect(rows.results).toHaveLength(1)
    const text = JSON.stringify(rows.results) + String.fromCharCode(...(rows.results[0].answer as number[]))
    expect(text).not.toContain('my-key')
    expect(text).not.toContain(first.id)
    await db.prepare('update answered set expires_at = 1 where organisation_id = ?').bind(organisation).run()
    expect((await post('my-key')).headers.get('idempotent-replayed')).toBeNull()
    expect(await count()).toBe(2)
  })
})
