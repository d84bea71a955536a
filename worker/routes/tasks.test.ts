import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import fixture from '../../durable/definition/fixtures/two-rooms.yaml'
import { answerGiven, gradeReport, hint, tasks } from '../../durable/grading/report.ts'
import { newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import type { Env } from '../env.ts'

// With the real lab host behind it, over real stubs.

const { asker } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })
const yaml = fixture.replace(
  /\nchecks:[\s\S]*$/,
  `
checks:
  - id: length
    title: The prefix length
    points: 3
    check: answer
    value: { machine: desk, of: adapter, name: Ethernet, field: prefix-length }
    hints: [{ text: Look there., cost: 1 }]
`,
)

type Ask = ReturnType<typeof asker>
let ada: Ask
let tom: Ask
let eve: Ask
let watcher: Ask
let key: Ask
let reader: Ask
let id: string
const at = (path: string) => `/v1/labs/${id}${path}`

beforeAll(async () => {
  const organisation = await newOrganisation()
  ada = asker(await signIn(organisation, 'student', 'Ada'))
  tom = asker(await signIn(organisation, 'teacher', 'Tom'))
  watcher = asker(await signIn(organisation, 'observer', 'Olga'))
  key = asker(await newKey(organisation, ['labs:read', 'labs:write', 'labs:check']))
  reader = asker(await newKey(organisation, ['labs:read']))
  eve = asker(await signIn(await newOrganisation(), 'owner', 'Eve'))
  id = ((await (await ada('POST', '/v1/labs', { definition: yaml, seed: 5 })).json()) as { id: string }).id
})

it('a student reads tasks, answers and takes a hint; a teacher and a key grade', async () => {
  expect(tasks.parse(await (await ada('GET', at('/tasks'))).json()).tasks[0]).toMatchObject({
    id: 'length',
    answer: null,
    hints: { of: 1, next: 1 },
  })
  expect(
    answerGiven.parse(await (await ada('POST', at('/answers'), { check: 'length', value: '255.255.255.0' })).json()),
  ).toMatchObject({ tries: 1 })
  expect(hint.parse(await (await ada('POST', at('/hints'), { check: 'length', number: 1 })).json())).toMatchObject({
    text: 'Look there.',
    cost: 1,
  })
  for (const ask of [tom, key]) {
    const report = gradeReport.parse(await (await ask('POST', at('/grade'), {})).json())
    expect(report).toMatchObject({ score: 2, of: 3, results: [{ expected: '24', hints: { taken: 1 } }] })
  }
  const checked = await (await ada('POST', at('/check'))).json()
  expect(checked).toMatchObject({ score: 2, results: [{ expected: null }] })
})

it('says in words what is wrong with an answer or a rubric', async () => {
  expect(await problemOf(await ada('POST', at('/answers'), { check: 'nobody', value: '1' }))).toMatchObject({
    status: 404,
    field: 'check',
  })
  expect(await problemOf(await ada('POST', at('/answers'), { check: 'length' }))).toMatchObject({ status: 400, field: 'value' })
  expect(await problemOf(await ada('POST', at('/hints'), { check: 'length', number: 9 }))).toMatchObject({
    status: 404,
    field: 'number',
  })
  const rubric = 'total: 9\nchecks:\n  - { id: a, title: A, points: 2, check: reaches, machine: nobody, target: desk }\n'
  expect(await problemOf(await tom('POST', at('/grade'), { rubric }))).toMatchObject({
    status: 422,
    code: 'bad-rubric',
    line: 1,
    field: 'total',
    detail: 'Line 1: total is 9, but the points of the checks add up to 2 (and 1 more)',
  })
})

it('is forbidden to roles that are too low, and does not exist elsewhere', async () => {
  const answer = { check: 'length', value: '/24' }
  const each = async (ask: Ask) => [
    (await ask('GET', at('/tasks'))).status,
    (await ask('POST', at('/answers'), answer)).status,
    (await ask('POST', at('/hints'), { check: 'length', number: 1 })).status,
    (await ask('POST', at('/grade'), {})).status,
  ]
  expect(await each(ada)).toEqual([200, 200, 200, 403])
  expect(await each(watcher)).toEqual([200, 403, 403, 403])
  expect(await each(reader)).toEqual([200, 403, 403, 403])
  expect(await each(eve)).toEqual([404, 404, 404, 404])
})
