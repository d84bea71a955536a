import { beforeAll, describe, expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { classroom, jsonOf, real } from '../../test/worker/classroom.ts'
import { db } from '../../test/worker/service.ts'
import { sweepForsaken } from '../lab-life.ts'

// The states that are stored for an assignment, and that they go when nothing needs them.

const other = yaml.replace('title: ', 'title: Other ')
type Room = Awaited<ReturnType<typeof classroom>>
let room: Room
const HOUR = 3600_000

async function assignment(json: object = {}): Promise<string> {
  const wish = { definition: yaml, labBrief: '# The first', ...json }
  return (await jsonOf<{ id: string }>(room.teacher('POST', `/v1/courses/${room.courseId}/assignments`, wish))).id
}
const post = async (path: string, json: object = {}, status = 200) => {
  const answer = await room.teacher('POST', path, json)
  expect([path, answer.status]).toEqual([path, status])
  return jsonOf<{ labId: string; stages: { id: string; labId: string }[] }>(answer)
}
const change = async (id: string, json: object) =>
  expect((await room.teacher('PATCH', `/v1/assignments/${id}`, json)).status).toBe(200)
const labsOf = async (id: string, kind = 'template') =>
  (
    await db
      .prepare("select id, state from lab where assignment_id = ? and kind = ? and state <> 'tombstone'")
      .bind(id, kind)
      .all<{ id: string; state: string }>()
  ).results.map((one) => one.id)
const templateOf = (id: string) =>
  db.prepare('select template_lab_id from assignment where id = ?').bind(id).first<string>('template_lab_id')
const briefFor = async (name: string, id: string) => {
  const student = await room.enrol(name)
  const { labId } = await jsonOf<{ labId: string }>(student.ask('POST', `/v1/assignments/${id}/open`))
  return jsonOf<{ title: string; brief: string }>(student.ask('GET', `/v1/labs/${labId}`))
}

beforeAll(async () => {
  room = await classroom()
})

describe('the stored state of an assignment', () => {
  it('goes when its lab is changed, and publishing stores another', async () => {
    const id = await assignment()
    await post(`/v1/assignments/${id}/publish`)
    const [first] = await labsOf(id)
    await change(id, { definition: other })
    expect([await templateOf(id), await labsOf(id)]).toEqual([null, []])
    await post(`/v1/assignments/${id}/publish`)
    expect(await labsOf(id)).toEqual([await templateOf(id)])
    expect(await templateOf(id)).not.toBe(first)
  })

  it('is not that of the old lab when an assignment was changed while it was put away', async () => {
    const id = await assignment()
    await post(`/v1/assignments/${id}/publish`)
    await post(`/v1/assignments/${id}/archive`)
    await change(id, { definition: other, labBrief: '# The other' })
    await post(`/v1/assignments/${id}/publish`)
    expect(await briefFor('Olga', id)).toMatchObject({ brief: '# The other' })
    expect(await labsOf(id)).toHaveLength(1)
  })

  it('shows the brief as it is when somebody opens it', async () => {
    const id = await assignment()
    await post(`/v1/assignments/${id}/publish`)
    expect((await briefFor('Early', id)).brief).toBe('# The first')
    await change(id, { brief: '# Corrected' })
    expect((await briefFor('Late', id)).brief).toBe('# Corrected')
    expect(await labsOf(id)).toEqual([await templateOf(id)])
    // Nothing else makes another one.
    const before = await templateOf(id)
    await change(id, { brief: '# Corrected', attempts: 3 })
    expect(await templateOf(id)).toBe(before)
  })

  it('goes with the assignment, and so do its stages; a stage goes alone', async () => {
    const id = await assignment()
    await post(`/v1/assignments/${id}/publish`)
    const tried = await post(`/v1/assignments/${id}/try`, {}, 201)
    const stage = { labId: tried.labId, name: 'Half way' }
    await post(`/v1/assignments/${id}/stages`, stage, 201)
    const { stages } = await post(`/v1/assignments/${id}/stages`, { ...stage, name: 'Nearly' }, 201)
    expect(await labsOf(id)).toHaveLength(3)
    expect((await room.teacher('DELETE', `/v1/assignments/${id}/stages/${stages[0].id}`)).status).toBe(204)
    expect((await labsOf(id)).includes(stages[0].labId)).toBe(false)
    expect(await labsOf(id)).toHaveLength(2)
    expect((await room.teacher('DELETE', `/v1/assignments/${id}`)).status).toBe(204)
    expect(await labsOf(id)).toEqual([])
    // Where somebody tried it goes later, when nobody is on the way to it.
    expect(await labsOf(id, 'trial')).toEqual([tried.labId])
    expect(await sweepForsaken(real, room.tenant, Date.now())).toBe(0)
    expect(await sweepForsaken(real, room.tenant, Date.now() + 2 * HOUR)).toBe(1)
    expect(await labsOf(id, 'trial')).toEqual([])
  })
})

it('labs that nothing refers to go after an hour, and no others', async () => {
  const id = await assignment()
  await post(`/v1/assignments/${id}/publish`)
  const ann = await room.enrol('Ann')
  const asks = async (path: string, json?: object) =>
    expect((await ann.ask('POST', `/v1/assignments/${id}${path}`, json)).status).toBeLessThan(300)
  await asks('/open')
  await asks('/submissions', {})
  await asks('/reset', {})
  await post(`/v1/assignments/${id}/try`, {}, 201)
  const kinds = ['template', 'copy', 'submission', 'trial'] as const
  const before = await Promise.all(kinds.map((kind) => labsOf(id, kind)))
  expect(await sweepForsaken(real, room.tenant, Date.now() + 2 * HOUR)).toBe(0)
  expect(await Promise.all(kinds.map((kind) => labsOf(id, kind)))).toEqual(before)
  expect(before.map(({ length }) => length)).toEqual([1, 2, 1, 1])
  // Nor those of others.
  const others = await classroom()
  expect(await sweepForsaken(real, others.tenant, Date.now() + 2 * HOUR)).toBe(0)
  // As when two publish at once, and one of the two states is used.
  await db.prepare('update assignment set template_lab_id = null where id = ?').bind(id).run()
  expect(await sweepForsaken(real, room.tenant, Date.now())).toBe(0)
  expect(await sweepForsaken(real, room.tenant, Date.now() + 2 * HOUR)).toBe(1)
  expect(await labsOf(id)).toEqual([])
  expect(await labsOf(id, 'copy')).toEqual(before[1])
})
