import { beforeEach, describe, expect, it } from 'vitest'
import { db, newKey, newLab, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'

const all = ['labs:read', 'labs:write', 'labs:check']
let { asker, request, labs } = service()
let organisation: string
let headers: Record<string, string>
let ask: ReturnType<typeof asker>
beforeEach(async () => {
  ;({ asker, request, labs } = service())
  organisation = await newOrganisation()
  headers = await newKey(organisation, all)
  ask = asker(headers)
})
const rows = async () =>
  (await db.prepare('select * from lab where organisation_id = ?').bind(organisation).all<Record<string, unknown>>()).results
const fault = (more: object) => Object.assign(new Error('platform'), more)

describe('the life of a lab', () => {
  it('goes from catalogue to tombstone', async () => {
    const made = await ask('POST', '/v1/labs', { catalogue: 'default-switch', seed: 42 })
    expect(made.status).toBe(201)
    const lab = (await made.json()) as { id: string }
    expect(made.headers.get('location')).toBe(`/v1/labs/${lab.id}`)
    expect(lab).toMatchObject({ title: 'A lab', catalogue: 'default-switch', state: 'ready', seed: 42, brief: '# Do it' })
    expect(labs.last.calls).toEqual([
      { method: 'create', caller: undefined, input: { from: 'catalogue', slug: 'default-switch', seed: 42 } },
    ])
    expect(await rows()).toMatchObject([{ state: 'ready', jurisdiction: null, destroyed_at: null }])
    expect(await (await ask('GET', `/v1/labs/${lab.id}`)).json()).toEqual(lab)
    expect(await (await ask('GET', '/v1/labs')).json()).toMatchObject({ labs: [{ id: lab.id }], next: null })

    expect((await ask('DELETE', `/v1/labs/${lab.id}`)).status).toBe(204)
    expect(labs.last.calls.at(-1)?.method).toBe('destroy')
    expect(await rows()).toMatchObject([{ state: 'tombstone', destroyed_at: expect.any(Number) }])
    expect((await ask('GET', `/v1/labs/${lab.id}`)).status).toBe(404)
    expect((await ask('DELETE', `/v1/labs/${lab.id}`)).status).toBe(404)
    expect(await (await ask('GET', '/v1/labs')).json()).toEqual({ labs: [], next: null })
  })

  it('draws a seed when none is given', async () => {
    const seeds = await Promise.all(
      [1, 2].map(async () => ((await (await ask('POST', '/v1/labs', { definition: 'a' })).json()) as { seed: number }).seed),
    )
    expect(seeds[0]).not.toBe(seeds[1])
  })

  it('leaves nothing when the definition is refused', async () => {
    expect((await ask('POST', '/v1/labs', { definition: 'broken' })).status).toBe(422)
    expect(await rows()).toEqual([])
  })

  it('leaves a tombstone when the creation failed, and empties the object later', async () => {
    labs.nextFaults = [fault({}), fault({})]
    expect((await ask('POST', '/v1/labs', { definition: 'a' })).status).toBe(500)
    expect(await rows()).toMatchObject([{ state: 'tombstone', destroyed_at: null }])
    await newLab(ask)
    expect(await rows()).toMatchObject([{ state: 'tombstone', destroyed_at: expect.any(Number) }, { state: 'ready' }])
  })

  it('settles a creation that was cut off by asking the object', async () => {
    const [alive, dead] = [await newLab(ask), await newLab(ask)]
    labs.last.summaryNow = null
    const cutOff = (age: number) =>
      db
        .prepare("update lab set state = 'creating', created_at = ? where organisation_id = ?")
        .bind(Date.now() - age, organisation)
        .run()
    await cutOff(1000)
    expect(await problemOf(await ask('GET', `/v1/labs/${alive}`))).toMatchObject({ status: 409, code: 'lab-not-ready' })
    await cutOff(120_000)
    expect((await ask('GET', `/v1/labs/${alive}`)).status).toBe(200)
    expect((await ask('GET', `/v1/labs/${dead}`)).status).toBe(404)
    expect((await rows()).map(({ state }) => state).sort()).toEqual(['ready', 'tombstone'])
  })

  it('exports and imports as one file', async () => {
    const id = await newLab(ask)
    const file = await ask('GET', `/v1/labs/${id}/export`)
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="lab-${id}.switchroom"`)
    const body = new Uint8Array(await file.arrayBuffer())
    const made = await request('/v1/labs/import', { method: 'POST', headers, body })
    expect(made.status).toBe(201)
    expect(await made.json()).toMatchObject({ seed: 7, catalogue: null })
    expect(labs.last.calls[0].input).toEqual({ from: 'export', file: new Uint8Array([1, 2, 3]) })
  })

  it('lists in pages, newest first', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.unshift(await newLab(ask))
    await db.prepare('update lab set created_at = 1000 where organisation_id = ?').bind(organisation).run()
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page = (await (await ask('GET', `/v1/labs?limit=2${next && `&before=${next}`}`)).json()) as {
        labs: { id: string }[]
        next: string | null
      }
      seen.push(...page.labs.map(({ id }) => id))
      next = page.next
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
    expect(new Set(seen).size).toBe(5)
  })

  it('stays in the jurisdiction of the organisation', async () => {
    organisation = await newOrganisation('eu')
    ask = asker(await newKey(organisation, all))
    const id = await newLab(ask)
    await ask('GET', `/v1/labs/${id}/topology`)
    expect(new Set(labs.jurisdictions)).toEqual(new Set(['eu']))
    expect(await rows()).toMatchObject([{ jurisdiction: 'eu' }])
  })
})

describe('calls on a lab', () => {
  it('hand a command and its client id through, and the stored answer back', async () => {
    const id = await newLab(ask)
    const body = { console: 'pc', line: 'dir', clientId: 'retry-0001' }
    const first = (await (await ask('POST', `/v1/labs/${id}/exec`, body)).json()) as Record<string, unknown>
    expect(first).toMatchObject({ status: 'done', output: 'dir\n', exitStatus: 0, packets: [1, 2], repeated: false })
    const second = await (await ask('POST', `/v1/labs/${id}/exec`, body)).json()
    expect(second).toEqual({ ...first, repeated: true })
    expect(await (await ask('GET', `/v1/labs/${id}/jobs/${first.job}`)).json()).toEqual(first)
  })

  it('tell the lab who asks', async () => {
    const id = await newLab(ask)
    const student = await signIn(organisation, 'student', 'Ann')
    await asker(student)('POST', `/v1/labs/${id}/reset`)
    await ask('POST', `/v1/labs/${id}/check`)
    await asker(await newKey(organisation, ['labs:check']))('POST', `/v1/labs/${id}/check`)
    const callers = labs.last.calls.flatMap(({ caller }) => (caller ? [caller] : []))
    expect(callers.map(({ name, role }) => [name, role])).toEqual([
      ['Ann', 'student'],
      ['a key', 'machine'],
      ['a key', 'observer'],
    ])
  })

  it('are made once more when that may help, never when the lab is overloaded', async () => {
    const id = await newLab(ask)
    const topology = () => ask('GET', `/v1/labs/${id}/topology`)
    labs.last.faults = [fault({ retryable: true })]
    expect((await topology()).status).toBe(200)
    labs.last.faults = [fault({ retryable: true }), fault({ retryable: true })]
    expect(await problemOf(await topology())).toMatchObject({ status: 503, code: 'lab-unreachable' })
    labs.last.faults = [fault({ retryable: true, overloaded: true })]
    const overloaded = await topology()
    expect(overloaded.headers.get('retry-after')).toBe('2')
    expect(await problemOf(overloaded)).toMatchObject({ status: 503, code: 'lab-overloaded' })
    expect(labs.last.faults).toEqual([])
  })

  it('read state, packets and captures', async () => {
    const id = await newLab(ask)
    const get = async (path: string) => (await ask('GET', `/v1/labs/${id}${path}`)).json()
    expect(await get('/leases')).toMatchObject({ leases: [{ address: '10.0.0.2' }] })
    expect(await get('/machines/pc/tables/dns-cache')).toMatchObject({ machine: 'pc', table: 'dns-cache' })
    expect(await get('/journal?after=3')).toMatchObject({ entries: [{ id: 4 }], next: 4 })
    expect(await get('/packets?after=12&limit=5&command=3')).toMatchObject({ next: 12 })
    expect(labs.last.calls.at(-1)?.input).toEqual({ after: 12, limit: 5, command: 3 })
    const capture = await ask('GET', `/v1/labs/${id}/capture.pcapng?from=5&to=9&packets=3,4`)
    expect(capture.headers.get('content-type')).toBe('application/x-pcapng')
    expect((await capture.arrayBuffer()).byteLength).toBe(4)
    expect(labs.last.calls.at(-1)?.input).toEqual({ fromTime: 5, toTime: 9, packets: [3, 4] })
    expect(await (await ask('GET', '/v1/catalogue')).json()).toMatchObject({
      catalogue: expect.arrayContaining([expect.objectContaining({ slug: 'default-switch' })]),
    })
  })
})
