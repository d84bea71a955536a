// The same lab, seed and script give a byte-identical capture: twice here, and in workerd, where test/worker/determinism.test.ts
// compares with the value that is checked in. After a change that is meant to change frames:
//   UPDATE_FIXTURES=1 npm test -- --project engine test/engine/determinism
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { playWholeLab } from '../../durable/engine/test-support/whole-lab.ts'
import { catalogue } from '../../labs/index.ts'

const parsed = parseDefinition(catalogue.find(({ slug }) => slug === 'default-switch')?.yaml ?? '')
if (!parsed.ok) throw new Error('the lab is wrong')
const { definition } = parsed
const fixture = join(import.meta.dirname, '../fixtures/whole-lab.json')
const SEEDS = [1, 4_000_000_007]

const sum = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex')
const summary = (seed: number) => {
  const { texts, capture, sightings } = playWholeLab(definition, seed)
  return { seed, sightings: sightings.length, capture: sum(capture), texts: sum(texts) }
}

it('the same seed gives the same bytes twice, and those of the fixture', () => {
  const now = SEEDS.map(summary)
  expect(SEEDS.map(summary)).toEqual(now)
  if (process.env['UPDATE_FIXTURES']) writeFileSync(fixture, `${JSON.stringify(now, null, 2)}\n`)
  expect(JSON.parse(readFileSync(fixture, 'utf8'))).toEqual(now)
})

it('another seed gives another subnet to the Default Switch, and other frames', () => {
  const first = /eth0 (172|192)\.[\d.]+/
  const [one, other] = SEEDS.map((seed) => playWholeLab(definition, seed))
  const [subnet, another] = [one, other].map(({ texts }) => first.exec(texts)?.[0])
  expect(subnet).toBeDefined()
  expect(another).toBeDefined()
  expect(another).not.toBe(subnet)
  expect(sum(other.capture)).not.toBe(sum(one.capture))
})
