// The same lab, seed and script in workerd as in Node: test/engine/determinism.test.ts writes what is compared with here.
import { expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { playWholeLab } from '../../durable/engine/test-support/whole-lab.ts'
import { catalogue } from '../../labs/index.ts'
import expected from '../fixtures/whole-lab.json'

const parsed = parseDefinition(catalogue.find(({ slug }) => slug === 'default-switch')?.yaml ?? '')

async function sum(data: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data.slice()))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

it.each(expected)('workerd gives the capture that Node gives: seed $seed', { timeout: 60_000 }, async (node) => {
  if (!parsed.ok) throw new Error('the lab is wrong')
  const { texts, capture, sightings } = playWholeLab(parsed.definition, node.seed)
  expect(sightings.length).toBe(node.sightings)
  expect(await sum(new TextEncoder().encode(texts))).toBe(node.texts)
  expect(await sum(capture)).toBe(node.capture)
})
