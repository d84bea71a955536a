import { expect, it } from 'vitest'
import { catalogue } from '../labs/index.ts'
import { parseDefinition } from './definition/parse.ts'
import { parseAgain } from './definition/parsed-before.ts'

it('what is parsed again is the same as the first time, and never shared', () => {
  for (const { slug, yaml } of catalogue) {
    const wanted = parseDefinition(yaml, 7)
    const [first, again] = [parseAgain(yaml, 7), parseAgain(yaml, 7)]
    if (!wanted.ok || !first.ok || !again.ok) throw new Error(`${slug} does not parse`)
    expect([slug, first.definition, again.definition]).toEqual([slug, wanted.definition, wanted.definition])
    expect(again.variant.values).toEqual(wanted.variant.values)
    expect(again.definition).not.toBe(first.definition)
    expect(again.definition.machines).not.toBe(first.definition.machines)
  }
})

it('another seed is another definition, and what is wrong stays wrong', () => {
  const yaml = catalogue[0].yaml
  parseAgain(yaml, 1)
  expect(parseAgain(yaml, 2)).toMatchObject({
    ok: true,
    definition: (parseDefinition(yaml, 2) as { definition: object }).definition,
  })
  expect([parseAgain('nonsense: 1', 1), parseAgain('nonsense: 1', 1)].map(({ ok }) => ok)).toEqual([false, false])
})
