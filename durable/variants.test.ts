// Labs whose values are drawn, as the lab host makes and keeps them.

import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import variants from './definition/fixtures/variants.yaml'
import drawn from './definition/fixtures/variants-4711.json'
import { DEFINITION_FORMAT } from './definition/parse.ts'
import { variantOf } from './definition/variants/index.ts'
import { ada, command, expectOk, type Host, host } from './test-support.ts'

const brief = '# For {{word.title}}\n\n1. Reach {{server}}.\n'

const made = async (): Promise<Host> => {
  const lab = host()
  expectOk(await lab.create({ from: 'definition', yaml: variants, brief, seed: 4711 }))
  return lab
}

const addressOf = async (lab: Host) => expectOk(await lab.exec(command('a', 'ip -4 -br address show eth0'), ada)).output

it('workerd draws what Node draws', () => {
  const answer = variantOf(variants, 4711)
  expect(answer.ok && Object.fromEntries(answer.values.map(({ name, value }) => [name, value]))).toEqual(drawn)
})

it('a lab is made of the values of its seed, with its brief', async () => {
  const lab = await made()
  const summary = expectOk(await lab.summary())
  expect([summary.title, summary.brief]).toEqual([`Variants of ${drawn.word}`, `# For Crane\n\n1. Reach ${drawn.server}.\n`])
  expect(summary.machines).toMatchObject([{ name: 'a', hostname: drawn.word }])
  expect(await addressOf(lab)).toContain(`${drawn.client}/24`)
})

it('it is the same lab after a reset, when the object was evicted, and when another version of ours has stored it', async () => {
  const lab = await made()
  await lab.evict()
  expect(await addressOf(lab)).toContain(`${drawn.client}/24`)
  expectOk(await lab.reset(ada))
  expect(await addressOf(lab)).toContain(`${drawn.client}/24`)
  await runInDurableObject(lab.stub, (_, state) => {
    state.storage.sql.exec('update lab set parsed_format = ?, parsed = ?', DEFINITION_FORMAT - 1, '{}')
  })
  await lab.evict()
  expect(expectOk(await lab.summary()).title).toBe(`Variants of ${drawn.word}`)
  expect(await addressOf(lab)).toContain(`${drawn.client}/24`)
})

it('it goes into a file and comes out of it', async () => {
  const lab = await made()
  const file = expectOk(await lab.export())
  const other = host()
  const summary = expectOk(await other.create({ from: 'export', file }))
  expect([summary.title, summary.seed, summary.brief.includes('{{')]).toEqual([`Variants of ${drawn.word}`, 4711, false])
  expect(await addressOf(other)).toContain(`${drawn.client}/24`)
})

it('what cannot be filled in is refused with its place, and there is no lab', async () => {
  const lab = host()
  const wrong = variants.replace("target: '{{server}}'", "target: '{{servre}}'")
  expect(await lab.create({ from: 'definition', yaml: wrong, brief, seed: 1 })).toMatchObject({
    ok: false,
    code: 'bad-definition',
    field: 'checks[0].target',
    line: expect.any(Number),
  })
  expect(await lab.create({ from: 'definition', yaml: variants, brief: 'one\n{{nobody}}', seed: 1 })).toMatchObject({
    ok: false,
    code: 'bad-definition',
    field: 'brief',
    line: 2,
    message: 'Line 2: brief {{nobody}} stands for nothing: no value is named nobody',
  })
  expect(await lab.summary()).toMatchObject({ ok: false, code: 'no-lab' })
})
