import { beforeAll, describe, expect, it } from 'vitest'
import { openTemplate } from '../../durable/definition/parse.ts'
import { classroom, jsonOf, real, until } from '../../test/worker/classroom.ts'
import { db, problemOf } from '../../test/worker/service.ts'
import { randomId } from '../auth/tokens.ts'
import { openDatabase } from '../db/database.ts'
import { authoredLab, authoredVersion } from '../db/schema/index.ts'
import { ownerOf } from '../jobs/queue-of.ts'
import { proveMore } from './prove.ts'
import { seedOf } from './seed.ts'

// A lab of six variants, one of which nobody can solve: there is no server at 10.0.0.9.
const yaml = `
title: Reach it
summary: A computer and a server.
starts: 2026-09-14T09:00:00+02:00
variants:
  goal:
    draw: one
    of:
      - { name: ash, to: 10.0.0.2 }
      - { name: beech, to: 10.0.0.2 }
      - { name: cedar, to: 10.0.0.2 }
      - { name: dogwood, to: 10.0.0.2 }
      - { name: elm, to: 10.0.0.2 }
      - { name: fir, to: 10.0.0.9 }
machines:
  pc: { os: ubuntu-24.04, adapters: { eth0: {} } }
  server: { os: server, adapters: { eth0: { address: 10.0.0.2/24 } } }
cables:
  - { between: [pc/eth0, server/eth0] }
checks:
  - { id: reached, check: reaches, machine: pc, target: '{{goal.to}}', title: 'It reaches {{goal.name}}', points: 2 }
`
const solution = 'pc> sudo ip address add 10.0.0.5/24 dev eth0\n'

type Proof = {
  state: string
  of: number
  tried: number
  proved: number
  capacity: number
  faults: { holder: string | null; outcome: string; variant: { name: string; value: string }[]; missed: string[] }[]
  without: string[]
}
type Room = Awaited<ReturnType<typeof classroom>>
type Student = Awaited<ReturnType<Room['enrol']>>

let room: Room
let ann: Student
let ben: Student

const read = openTemplate(yaml)
function drawn(seed: number): string {
  if (!read.ok) throw new Error('the lab is wrong')
  const filled = read.template.at(seed)
  if ('faults' in filled) throw new Error('the lab is wrong')
  return filled.variant.fill('{{goal.name}}').text
}
/** With this secret, the first draw of each of them is the variant that cannot be solved. */
async function unluckySecret(...students: Student[]): Promise<string> {
  for (let n = 0; ; n++) {
    const seeds = await Promise.all(students.map(({ id }) => seedOf(`secret ${n}`, `person:${id}`)))
    if (seeds.every((seed) => drawn(seed) === 'fir')) return `secret ${n}`
  }
}

async function assignmentOf(script: string | null, secret?: string): Promise<string> {
  const all = openDatabase(db)
  const [labId, versionId] = [randomId(), randomId()]
  const lab = { title: 'Reach it', summary: '', organisationId: room.organisation }
  await all.insert(authoredLab).values({
    ...{ ...lab, id: labId, ownerId: 'somebody', ownerName: 'Somebody', state: 'published', origin: null },
    ...{ createdAt: 1, updatedAt: 1 },
  })
  await all.insert(authoredVersion).values({
    ...{ ...lab, id: versionId, labId, number: 1, definition: yaml, brief: '', sha256: 'x', note: '' },
    ...{
      solutions: script === null ? [] : [{ name: 'walk', text: script }],
      publishedBy: 'x',
      publishedByName: 'X',
      publishedAt: 1,
    },
  })
  const wish = { authoredVersion: versionId, variants: 'each' }
  const { id } = await jsonOf<{ id: string }>(room.teacher('POST', `/v1/courses/${room.courseId}/assignments`, wish))
  if (secret !== undefined) await db.prepare('update assignment set seed_secret = ? where id = ?').bind(secret, id).run()
  return id
}
const proofOf = async (id: string) =>
  (await jsonOf<{ proof: Proof | null }>(room.teacher('GET', `/v1/assignments/${id}/variants`))).proof
const publish = async (id: string) => expect((await room.teacher('POST', `/v1/assignments/${id}/publish`)).status).toBe(200)
const ended = async (id: string): Promise<Proof> => {
  const look = () =>
    until(
      () => proofOf(id),
      (proof) => proof !== null && proof.state !== 'running',
    )
  return (await look().catch(look)) as Proof
}
const drawnFor = async (id: string, student: Student) => {
  const seed = await db
    .prepare('select seed from copy where assignment_id = ? and person_id = ?')
    .bind(id, student.id)
    .first<number>('seed')
  return drawn(seed as number)
}

beforeAll(async () => {
  room = await classroom()
  ann = await room.enrol('Ann')
})

describe('variants of an assignment', { timeout: 60_000 }, () => {
  it('are solved when it is published: what cannot be is named, and nobody gets it', async () => {
    ben = await room.enrol('Ben')
    const id = await assignmentOf(solution, await unluckySecret(ann, ben))
    await db.prepare('delete from enrolment where person_id = ?').bind(ben.id).run()
    expect(await proofOf(id)).toBeNull()
    await publish(id)
    const proof = await ended(id)
    // One student and six variants; the first draw of the student and one of the six are the one without a server.
    expect(proof).toMatchObject({ state: 'done', capacity: 6, of: 7, tried: 7, proved: 5, without: [] })
    const first = proof.faults[0]
    expect(first).toMatchObject({ holder: 'Ann', outcome: 'unsolved' })
    expect(proof.faults.filter(({ holder }) => holder === null)).toHaveLength(1)
    for (const fault of proof.faults) {
      expect(fault.missed).toEqual([expect.stringMatching(/^reached: fail: /)])
      expect(fault.variant).toEqual([{ name: 'goal', value: expect.stringContaining('fir') }])
    }
    expect((await ann.ask('POST', `/v1/assignments/${id}/open`)).status).toBe(200)
    expect(await drawnFor(id, ann)).not.toBe('fir')
    // Who comes later is not in the proof, and does not get it either.
    await db
      .prepare("insert into enrolment (course_id, person_id, role, created_at) values (?, ?, 'student', 1)")
      .bind(room.courseId, ben.id)
      .run()
    expect((await ben.ask('POST', `/v1/assignments/${id}/open`)).status).toBe(200)
    expect(await drawnFor(id, ben)).not.toBe('fir')
  })

  it('are given to nobody when the solution solves none, and it stops when that is plain', async () => {
    const id = await assignmentOf('pc> true\n')
    await publish(id)
    const proof = await ended(id)
    expect(proof).toMatchObject({ state: 'done', proved: 0, without: ['Ann', 'Ben'] })
    expect(proof.faults.every(({ outcome }) => outcome === 'unsolved')).toBe(true)
    const refused = await problemOf(await ann.ask('POST', `/v1/assignments/${id}/open`))
    expect(refused).toMatchObject({ status: 409, code: 'no-solvable-variant' })
    // Twenty draws of each of three are more than it looks at.
    const cleo = await room.enrol('Cleo')
    await publish(id)
    const stopped = await ended(id)
    expect(stopped).toMatchObject({ state: 'stopped', proved: 0, without: ['Ann', 'Ben'] })
    expect(stopped.faults).toHaveLength(50)
    await db.prepare('delete from enrolment where person_id = ?').bind(cleo.id).run()
  })

  it('are not proved where the lab has no solution, which is said', async () => {
    const id = await assignmentOf(null)
    await publish(id)
    expect(await proofOf(id)).toMatchObject({ state: 'no-solution', tried: 0, of: 0 })
    expect((await ann.ask('POST', `/v1/assignments/${id}/open`)).status).toBe(200)
  })

  it('are proved by one job: one that publishing again has replaced changes nothing', async () => {
    const id = await assignmentOf(solution)
    await publish(id)
    const before = await ended(id)
    expect(await proveMore(real, room.tenant, await ownerOf(room.tenant), id, 'another')).toBeUndefined()
    expect(await proofOf(id)).toEqual(before)
    await publish(id)
    expect(await ended(id)).toMatchObject({ state: 'done', tried: before.tried, proved: before.proved })
  })

  it('are for those who teach the course', async () => {
    const id = await assignmentOf(solution)
    await publish(id)
    const path = `/v1/assignments/${id}/variants`
    const observer = await room.enrol('Olga', 'observer')
    for (const who of [ann, observer]) expect((await who.ask('GET', path)).status).toBe(403)
    expect((await (await classroom()).teacher('GET', path)).status).toBe(404)
  })
})
