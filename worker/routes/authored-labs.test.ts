import { beforeEach, describe, expect, it } from 'vitest'
import { catalogue } from '../../labs/index.ts'
import { solutions } from '../../labs/solutions.ts'
import { newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import { digestOf } from '../authored/texts.ts'

type Ask = (method: string, path: string, json?: unknown) => Promise<Response>
// biome-ignore lint/suspicious/noExplicitAny: bodies are compared with what is expected
type Body = any

let { asker, labs } = service()
let organisation: string
let tess: Ask
beforeEach(async () => {
  ;({ asker, labs } = service())
  organisation = await newOrganisation()
  tess = asker(await signIn(organisation, 'teacher', 'Tess'))
})
const base = '/v1/authored-labs'
const ok = async (answer: Promise<Response>, status = 200): Promise<Body> => {
  const found = await answer
  const text = await found.text()
  expect([found.status, text]).toEqual([status, expect.anything()])
  return text === '' ? undefined : JSON.parse(text)
}
const duplicate = (ask: Ask, wish: object = { catalogue: 'nat-network' }) => ok(ask('POST', base, wish), 201)
const save = (ask: Ask, id: string, change: object) => ask('PATCH', `${base}/${id}/draft`, change)
const publish = (ask: Ask, id: string, revision: number, note = '') => ask('POST', `${base}/${id}/publish`, { revision, note })

describe('a draft', () => {
  it('is made of a lab of the catalogue, under a title of its own and otherwise character by character', async () => {
    const made = await duplicate(tess)
    const entry = catalogue.find(({ slug }) => slug === 'nat-network')
    expect(made).toMatchObject({
      state: 'draft',
      owner: { name: 'Tess' },
      origin: entry?.title,
      revision: 1,
      latest: null,
      versions: [],
    })
    expect(made.title).toBe(`Copy of ${entry?.title}`)
    expect(made.draft.brief).toBe(entry?.brief)
    const lines = (text = '') => text.split('\n').filter((line) => !line.startsWith('title:'))
    expect(lines(made.draft.definition)).toEqual(lines(entry?.yaml))
    expect(await ok(tess('GET', `${base}/${made.id}`))).toEqual(made)
    const copy = await duplicate(tess, { lab: made.id, title: 'Second: "round"' })
    expect(copy.title).toBe('Second: "round"')
    expect((await ok(tess('GET', base))).labs.map((one: Body) => one.title)).toEqual([copy.title, made.title])
  })

  it('of a new lab is whole: nothing is wrong with it', async () => {
    const { draft } = await duplicate(tess, { title: 'Mine' })
    const { faults, lab } = await ok(tess('POST', `${base}/validate`, { definition: draft.definition, brief: draft.brief }))
    expect(faults).toEqual([])
    expect(lab).toMatchObject({
      title: 'Mine',
      points: 1,
      variants: 1,
      machines: expect.arrayContaining([expect.objectContaining({ name: 'vm1' })]),
    })
  })

  it('can be saved however wrong it is, and takes its title from the text', async () => {
    const { id, draft } = await duplicate(tess)
    expect(await ok(save(tess, id, { revision: 1, definition: 'title: Bridges\n  nonsense' }))).toMatchObject({ revision: 2 })
    expect(await ok(save(tess, id, { revision: 2, definition: 'title: Bridges' }))).toMatchObject({
      revision: 3,
      title: 'Bridges',
    })
    const now = await ok(tess('GET', `${base}/${id}`))
    expect(now).toMatchObject({ title: 'Bridges', draft: { definition: 'title: Bridges', brief: draft.brief } })
  })

  it('is not lost when two save it at once', async () => {
    const { id } = await duplicate(tess)
    const otto = asker(await signIn(organisation, 'owner', 'Otto'))
    const texts = ['title: A', 'title: B'] as const
    const answers = await Promise.all([
      save(tess, id, { revision: 1, definition: texts[0] }),
      save(otto, id, { revision: 1, definition: texts[1] }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const lost = answers.findIndex(({ status }) => status === 409)
    expect(await problemOf(answers[lost])).toMatchObject({
      code: 'draft-changed',
      field: 'revision',
      detail: expect.stringMatching(/^(Tess|Otto) saved this draft/),
    })
    expect((await ok(tess('GET', `${base}/${id}`))).draft).toMatchObject({ revision: 2, definition: texts[1 - lost] })
    // The answer to a save was lost, and it is sent again.
    expect(await ok(save(tess, id, { revision: 1, definition: texts[1 - lost] }))).toMatchObject({ revision: 2 })
  })

  it('has limits, in bytes', async () => {
    const { id } = await duplicate(tess)
    const large = 'ü'.repeat(33 * 1024)
    expect(await problemOf(await save(tess, id, { revision: 1, brief: large }))).toMatchObject({ status: 413, field: 'brief' })
    expect(await problemOf(await save(tess, id, { revision: 1, solutions: [{ name: 'a', text: large }] }))).toMatchObject({
      status: 413,
      field: 'solutions.0.text',
    })
    expect(await problemOf(await save(tess, id, { revision: 1, definition: 'ü'.repeat(130 * 1024) }))).toMatchObject({
      status: 413,
      field: 'definition',
    })
    const twice = [
      { name: 'a', text: '' },
      { name: 'a', text: '' },
    ]
    expect(await problemOf(await save(tess, id, { revision: 1, solutions: twice }))).toMatchObject({
      status: 400,
      field: 'solutions',
    })
    expect(await problemOf(await tess('POST', base, { catalogue: 'a', lab: 'b' }))).toMatchObject({ status: 400, field: 'lab' })
    expect(await problemOf(await tess('POST', base, { catalogue: 'no-such' }))).toMatchObject({ status: 422, field: 'catalogue' })
  })
})

it('a duplicate of a graded lab brings its solution, with which its variants are proved', async () => {
  const { id, draft } = await duplicate(tess, { catalogue: 'no-network' })
  expect(draft.solutions).toEqual([{ name: 'solution', text: solutions['no-network'] }])
  const version = await ok(tess('POST', `${base}/${id}/publish`, { revision: 1 }), 201)
  expect((await ok(tess('GET', `${base}/${id}/versions/${version.number}`))).solutions).toEqual(draft.solutions)
})

describe('faults', () => {
  it('name file, line and field, in the definition and in the brief', async () => {
    const { draft } = await duplicate(tess, {})
    const definition = draft.definition.replace('os: ubuntu-24.04', 'os: ubuntu').replace('target:', 'tarket:')
    const { faults, lab } = await ok(tess('POST', `${base}/validate`, { definition }))
    const lineOf = (text: string) => definition.split('\n').findIndex((line: string) => line.includes(text)) + 1
    expect(lab).toBe(null)
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'definition', line: lineOf('os: ubuntu,'), field: 'machines.vm1.os' }),
        expect.objectContaining({
          file: 'definition',
          line: lineOf('tarket'),
          field: 'checks[0].tarket',
          reason: 'is not a known field',
        }),
      ]),
    )
    const drawn = `${draft.definition}variants:\n  n: { draw: number, from: 1, to: 9 }\n`
    const brief = 'One\n\nTake {{n}} and {{m}}.'
    const seen = await ok(tess('POST', `${base}/validate`, { definition: drawn, brief, seed: 7 }))
    expect(seen.faults).toMatchObject([{ file: 'brief', line: 3 }])
    expect(seen.lab).toMatchObject({
      variants: 9,
      values: [{ name: 'n', kind: 'number', value: expect.stringMatching(/^[1-9]$/) }],
    })
  })

  it('keep a draft from being published, and all are told', async () => {
    const { id } = await duplicate(tess, {})
    await ok(save(tess, id, { revision: 1, definition: 'title: A\nmachines: {}\nchecks: 7\n' }))
    const problem = await problemOf(await publish(tess, id, 2))
    expect(problem).toMatchObject({ status: 422, code: 'bad-definition', line: expect.any(Number), field: expect.any(String) })
    expect(problem.errors?.length).toBeGreaterThan(2)
    expect(problem.errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ in: 'definition', path: 'checks', line: 3 })]),
    )
    expect((await ok(tess('GET', `${base}/${id}`))).versions).toEqual([])
  })
})

describe('a version', () => {
  it('never changes, can be compared, and outlives its draft', async () => {
    const { id, draft } = await duplicate(tess, { title: 'One' })
    const first = await ok(publish(tess, id, 1, 'for Monday'), 201)
    expect(first).toMatchObject({ number: 1, title: 'One', note: 'for Monday', publishedBy: 'Tess' })
    expect(first.sha256).toBe(await digestOf(draft))
    // Once more is no second version.
    expect(await ok(publish(tess, id, 1))).toEqual(first)
    const definition = draft.definition.replace('title: One', 'title: Two')
    await ok(save(tess, id, { revision: 1, definition, solutions: [{ name: 'walk', text: 'pc> dir\n' }] }))
    expect(await problemOf(await publish(tess, id, 1))).toMatchObject({ status: 409, code: 'draft-changed' })
    expect((await ok(publish(tess, id, 2), 201)).number).toBe(2)
    const { files } = await ok(tess('GET', `${base}/${id}/diff?from=1&to=2`))
    expect(files.map((one: Body) => [one.file, one.added, one.removed])).toEqual([
      ['definition', 1, 1],
      ['walk', 1, 0],
    ])
    expect(files[0].hunks[0].slice(0, 2)).toEqual([
      { kind: 'removed', from: 1, to: null, text: 'title: One' },
      { kind: 'added', from: null, to: 1, text: 'title: Two' },
    ])
    expect((await ok(tess('GET', `${base}/${id}/diff?from=2`))).files).toEqual([])

    expect((await tess('DELETE', `${base}/${id}`)).status).toBe(204)
    expect((await ok(tess('GET', base))).labs).toEqual([])
    expect(await problemOf(await publish(tess, id, 2))).toMatchObject({ status: 404 })
    const kept = await ok(tess('GET', `${base}/${id}/versions/1`))
    expect(kept).toEqual({ ...first, lab: id, definition: draft.definition, brief: draft.brief, solutions: [] })
    expect((await ok(tess('GET', `${base}/${id}/versions`))).versions).toHaveLength(2)
    expect((await ok(tess('GET', `${base}?deleted=1`))).labs).toMatchObject([{ id, state: 'deleted', revision: null }])

    const back = await ok(tess('POST', `${base}/${id}/restore`, { version: 1, revision: null }))
    expect(back).toMatchObject({ state: 'withdrawn', title: 'One', draft: { definition: draft.definition } })
    expect(await problemOf(await save(tess, id, { revision: 2, definition: 'title: stale' }))).toMatchObject({ status: 409 })
    expect(await problemOf(await tess('POST', `${base}/${id}/restore`, { version: 1, revision: null }))).toMatchObject({
      status: 409,
    })
    expect((await ok(publish(tess, id, back.revision), 201)).number).toBe(3)
  })

  it('that was withdrawn is offered to no assignment any more, and can be published again', async () => {
    const { id } = await duplicate(tess, {})
    expect(await problemOf(await tess('POST', `${base}/${id}/withdraw`))).toMatchObject({ status: 409, code: 'not-published' })
    await ok(publish(tess, id, 1), 201)
    const offered = async () =>
      (await ok(tess('GET', `${base}?published=1`))).labs.map((one: Body) => [one.id, one.latest.number])
    expect(await offered()).toEqual([[id, 1]])
    await ok(tess('POST', `${base}/${id}/withdraw`))
    expect(await offered()).toEqual([])
    await ok(publish(tess, id, 1))
    expect(await offered()).toEqual([[id, 1]])
  })

  it('without any, nothing of a deleted lab is left', async () => {
    const { id } = await duplicate(tess, {})
    expect((await tess('DELETE', `${base}/${id}`)).status).toBe(204)
    expect((await tess('GET', `${base}/${id}`)).status).toBe(404)
    expect((await ok(tess('GET', `${base}?deleted=1`))).labs).toEqual([])
  })
})

describe('trying', () => {
  it('builds a lab of the draft in which the teacher is a student, in place of the one before', async () => {
    const { id, draft } = await duplicate(tess, {})
    const first = await ok(tess('POST', `${base}/${id}/try`, { seed: 5 }), 201)
    expect(labs.last.calls[0].input).toEqual({ from: 'definition', yaml: draft.definition, brief: draft.brief, seed: 5 })
    await ok(tess('POST', `/v1/labs/${first.id}/check`))
    expect(labs.last.calls.at(-1)?.caller).toMatchObject({ name: 'Tess', role: 'student' })
    expect((await ok(tess('GET', `${base}/${id}`))).trial).toEqual({ lab: first.id, current: true })
    await ok(save(tess, id, { revision: 1, brief: 'Other' }))
    expect((await ok(tess('GET', `${base}/${id}`))).trial).toEqual({ lab: first.id, current: false })
    const second = await ok(tess('POST', `${base}/${id}/try`, {}), 201)
    expect((await tess('GET', `/v1/labs/${first.id}`)).status).toBe(404)
    expect((await tess('GET', `/v1/labs/${second.id}`)).status).toBe(200)
    expect((await ok(tess('GET', '/v1/labs'))).labs).toEqual([])
    const student = asker(await signIn(organisation, 'student'))
    expect((await student('GET', `/v1/labs/${second.id}`)).status).toBe(404)
  })

  it('names line and field when it cannot be built, and leaves nothing', async () => {
    const { id } = await duplicate(tess, {})
    await ok(save(tess, id, { revision: 1, definition: 'broken' }))
    expect(await problemOf(await tess('POST', `${base}/${id}/try`, {}))).toMatchObject({ status: 422, line: 7 })
    expect((await ok(tess('GET', `${base}/${id}`))).trial).toBe(null)
  })
})

it('an assignment is made of a version, and stays with it whatever becomes of the draft', async () => {
  const { id, draft } = await duplicate(tess, {})
  const version = await ok(publish(tess, id, 1), 201)
  const course = await ok(tess('POST', '/v1/courses', { title: 'Networks' }), 201)
  const assignments = `/v1/courses/${course.id}/assignments`
  const made = await ok(tess('POST', assignments, { authoredVersion: version.id }), 201)
  expect(made).toMatchObject({
    title: draft.definition.match(/^title: (.*)/)?.[1],
    authoredVersion: version.id,
    definition: draft.definition,
  })
  const both = await tess('POST', assignments, { authoredVersion: version.id, catalogue: 'nat-network' })
  expect(await problemOf(both)).toMatchObject({ status: 400 })
  await ok(save(tess, id, { revision: 1, definition: 'title: ruined' }))
  await ok(tess('POST', `${base}/${id}/withdraw`))
  expect(await problemOf(await tess('POST', assignments, { authoredVersion: version.id }))).toMatchObject({
    status: 422,
    field: 'authoredVersion',
  })
  expect((await tess('DELETE', `${base}/${id}`)).status).toBe(204)
  const kept = await ok(tess('GET', `/v1/assignments/${made.id}`))
  expect(kept).toMatchObject({ authoredVersion: version.id, definition: draft.definition, brief: draft.brief })
  expect((await ok(tess('GET', `${base}/${id}/versions/1`))).id).toBe(version.id)
  const foreign = asker(await signIn(await newOrganisation(), 'teacher'))
  const theirs = await ok(foreign('POST', '/v1/courses', { title: 'Theirs' }), 201)
  const stolen = await foreign('POST', `/v1/courses/${theirs.id}/assignments`, { authoredVersion: version.id })
  expect(await problemOf(stolen)).toMatchObject({ status: 422, detail: 'There is no such version.' })
})

it('a solution is played in a lab that nobody keeps', async () => {
  const { id, draft } = await duplicate(tess, {})
  const solutions = [{ name: 'walk', text: 'pc> Start-VM vm1\nvm9> dir\nnonsense' }]
  const { faults } = await ok(tess('POST', `${base}/validate`, { definition: draft.definition, solutions }))
  expect(faults.map((one: Body) => [one.file, one.line])).toEqual([
    ['walk', 3],
    ['walk', 2],
  ])
  await ok(save(tess, id, { revision: 1, solutions }))
  const report = await ok(tess('POST', `${base}/${id}/solve`, { solution: 'walk', seed: 7 }))
  expect(report).toEqual({ seed: 7, outcome: 'solved', points: 3, of: 3, missed: [] })
  expect(labs.last.calls).toMatchObject([
    { method: 'solve', input: { yaml: draft.definition, script: solutions[0].text, seed: 7 } },
  ])
  expect((await tess('POST', `${base}/${id}/solve`, { solution: 'none' })).status).toBe(404)
})

describe('who may', () => {
  it('teachers and owners write, assistants read, nobody else knows', async () => {
    const { id } = await duplicate(tess, {})
    await ok(publish(tess, id, 1), 201)
    const writes: [string, string, unknown?][] = [
      ['POST', base, {}],
      ['PATCH', `${base}/${id}/draft`, { revision: 1, brief: 'x' }],
      ['POST', `${base}/${id}/publish`, { revision: 1 }],
      ['POST', `${base}/${id}/restore`, { version: 1, revision: 1 }],
      ['POST', `${base}/${id}/withdraw`],
      ['POST', `${base}/${id}/try`, {}],
      ['POST', `${base}/${id}/solve`, { solution: 'a' }],
      ['DELETE', `${base}/${id}`],
    ]
    const reads = [base, `${base}/${id}`, `${base}/${id}/versions`, `${base}/${id}/versions/1`, `${base}/${id}/diff?from=1`]
    for (const role of ['assistant', 'student', 'observer'] as const) {
      const ask = asker(await signIn(organisation, role))
      for (const [method, path, json] of writes) expect([path, (await ask(method, path, json)).status]).toEqual([path, 403])
      for (const path of reads) expect([path, (await ask('GET', path)).status]).toEqual([path, role === 'assistant' ? 200 : 403])
    }
    const stranger = asker(await signIn(await newOrganisation(), 'owner'))
    for (const [method, path, json] of [...writes.slice(1), ...reads.slice(1).map((path) => ['GET', path] as const)]) {
      const foreign = await stranger(method, path, json)
      const none = await stranger(method, path.replace(id, '00000000000000000000'), json)
      expect([path, foreign.status, await foreign.text()]).toEqual([path, 404, await none.text()])
    }
    const reader = asker(await newKey(organisation, ['courses:read', 'labs:write']))
    expect((await reader('GET', `${base}/${id}`)).status).toBe(200)
    expect((await reader('POST', base, {})).status).toBe(403)
  })

  it('every teacher writes; who deletes is its owner, or an owner of the organisation', async () => {
    const { id } = await duplicate(tess, {})
    const colleague = asker(await signIn(organisation, 'teacher'))
    await ok(save(colleague, id, { revision: 1, brief: 'Better' }))
    expect(await problemOf(await colleague('DELETE', `${base}/${id}`))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('Tess'),
    })
    expect((await asker(await signIn(organisation, 'owner'))('DELETE', `${base}/${id}`)).status).toBe(204)
  })
})
