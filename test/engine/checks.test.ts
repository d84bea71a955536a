// The contract of every verb: it passes, fails and cannot run where its samples say so, tells the same again, and leaves the lab alone.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { verbShapes } from '../../durable/definition/check-schema.ts'
import { faultText, parseDefinition } from '../../durable/definition/parse.ts'
import { parseRubric } from '../../durable/definition/rubric.ts'
import type { CheckDefinition } from '../../durable/engine/lab/definition.ts'
import { Lab } from '../../durable/engine/lab/index.ts'
import type { CheckMaterial, StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { canonical, sha256 } from '../../durable/grading/canonical.ts'
import { shells } from '../../durable/runtime.ts'
import { parseScript } from '../../durable/walk/script.ts'
import { Walk } from '../../durable/walk/walk.ts'
import { checksPage, PAGE, readSampleLab, readSampleScript, readSamples } from '../../scripts/checks-page.ts'

const samples = readSamples()
const ANSWERS: { readonly [verb: string]: string } = { answer: '/20', 'names-fault': 'mtu' }
/** Nothing in a lab keeps these from running, and what they name is checked before. */
const ALWAYS_RUN = ['unchanged', 'command-used', 'packet-seen', 'packets', 'packet-order', 'history', 'names-fault']

let lab: Lab
let stored: StoredLab
let material: CheckMaterial

beforeAll(() => {
  const parsed = parseDefinition(readSampleLab(), 5)
  if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
  const walk = new Walk(new Lab(parsed.definition, 5, shells))
  walk.play(parseScript(readSampleScript()).steps)
  expect(walk.told.map(({ fault }) => fault).filter((fault) => fault !== '')).toEqual([])
  lab = walk.lab as Lab
  stored = lab.save()
  material = walk.material()
})

function checkOf(verb: string, sample: object): CheckDefinition {
  const rubric = parseRubric(stringify([{ id: 'it', title: 'It', points: 4, check: verb, ...sample }]), lab.definition)
  if (!rubric.ok) throw new Error(rubric.faults.map(faultText).join('\n'))
  return rubric.checks[0] as CheckDefinition
}

function outcome(verb: string, sample: object) {
  const answer = ANSWERS[verb]
  const given = answer === undefined ? [] : [{ line: 99, check: 'it', value: answer, at: lab.now, noted: {} }]
  const [one] = lab.grade([checkOf(verb, sample)], { ...material, answers: given })
  return one as NonNullable<typeof one>
}

it('has samples of every verb, and of no other', () => {
  expect(Object.keys(samples).sort()).toEqual(Object.keys(verbShapes).sort())
  for (const [verb, { passes, fails, couldNotRun }] of Object.entries(samples)) {
    expect(passes.length + fails.length, verb).toBeGreaterThan(0)
    expect(couldNotRun.length > 0, verb).toBe(!ALWAYS_RUN.includes(verb))
  }
})

describe.each(Object.entries(samples))('%s', (verb, { passes, fails, couldNotRun }) => {
  const words = (one: object) => JSON.stringify(one)
  it.each(passes.map((one) => [words(one), one] as const))('passes: %s', (_, sample) => {
    const found = outcome(verb, sample)
    expect([found.outcome, found.message]).toEqual(['pass', expect.stringMatching(/\S/)])
    expect(found.points).toBeGreaterThan(0)
  })
  it.each(fails.map((one) => [words(one), one] as const))('fails: %s', (_, sample) => {
    const found = outcome(verb, sample)
    expect([found.outcome, found.points, found.message]).toEqual(['fail', 0, expect.stringMatching(/\S/)])
  })
  it.each(couldNotRun.map((one) => [words(one), one] as const))('cannot run: %s', (_, sample) => {
    const found = outcome(verb, sample)
    expect([found.outcome, found.points, found.message]).toEqual(['could-not-run', 0, expect.stringMatching(/\S/)])
  })
  it('tells the same of a lab that was stored and opened again, and leaves both as they were', () => {
    const again = new Lab(lab.definition, 5, shells, stored)
    for (const sample of [...passes, ...fails].slice(0, 2)) {
      const check = checkOf(verb, sample)
      const [one, other] = [lab, again].map((which) => canonical(which.grade([check], material)))
      expect(one).toBe(other)
    }
    expect(lab.digest()).toBe(stored.clock.digest)
    expect(sha256(canonical(lab.save()))).toBe(sha256(canonical(stored)))
    expect(sha256(canonical(again.save()))).toBe(sha256(canonical(stored)))
  })
})

it('gives the same whatever is checked before, and in whichever order', () => {
  const all = Object.entries(samples).flatMap(([verb, { passes, fails }]) =>
    [...passes, ...fails].map((sample) => [verb, sample] as const),
  )
  const some = fc.uniqueArray(fc.integer({ min: 0, max: all.length - 1 }), { minLength: 2, maxLength: 6 })
  const named = (at: number): CheckDefinition => ({ ...checkOf(...(all[at] as (typeof all)[number])), id: `check-${at}` })
  fc.assert(
    fc.property(some, (picked) => {
      const together = lab.grade(picked.map(named), material)
      const backwards = lab.grade([...picked].reverse().map(named), material)
      for (const at of picked) {
        const [alone] = lab.grade([named(at)], material)
        const pick = (outcomes: typeof together) => outcomes.find(({ id }) => id === `check-${at}`)
        expect(canonical(pick(together))).toBe(canonical(alone))
        expect(canonical(pick(backwards))).toBe(canonical(alone))
      }
    }),
    { numRuns: 12 },
  )
})

describe('points', () => {
  const combined = (fields: object) => outcome('all', fields)
  const lease = { check: 'has-lease', machine: 'guest' }
  const never = { check: 'reaches', machine: 'server', target: 'guest' }
  it('are given in part, by weight, where the check says so', () => {
    expect(combined({ partial: true, checks: [{ ...lease, weight: 3 }, never] })).toMatchObject({ outcome: 'fail', points: 3 })
    expect(combined({ checks: [{ ...lease, weight: 3 }, never] })).toMatchObject({ outcome: 'fail', points: 0 })
    expect(outcome('any', { checks: [never, { ...lease, worth: '50%' }] })).toMatchObject({ outcome: 'pass', points: 2 })
    expect(outcome('any', { checks: [lease, { ...lease, worth: '50%' }] })).toMatchObject({ outcome: 'pass', points: 4 })
    expect(outcome('at-least', { number: 2, partial: true, checks: [lease, never] })).toMatchObject({
      outcome: 'fail',
      points: 2,
    })
  })
  it('are less by what hints cost, never below none', () => {
    const check = {
      ...checkOf('has-lease', { machine: 'guest' }),
      hints: [
        { text: 'one', cost: 1.5 },
        { text: 'two', cost: 4 },
      ],
    }
    const points = (taken: number) => lab.grade([check], { ...material, hints: { it: taken } })[0]
    expect(points(0)).toMatchObject({ points: 4, hints: { taken: 0, of: 2, cost: 0 } })
    expect(points(1)).toMatchObject({ points: 2.5, hints: { taken: 1, cost: 1.5 } })
    expect(points(2)).toMatchObject({ points: 0, hints: { taken: 2 } })
  })
})

describe('evidence', () => {
  it('is the packets of a trial, whole, with both ends of the answer', () => {
    const { trial, shown } = outcome('reaches', { machine: 'guest', target: 'server' })
    expect(trial).toBe(true)
    expect(shown.some(({ place, direction }) => place.machine === 'guest' && direction === 'in')).toBe(true)
    for (const { bytes, length } of shown) expect(bytes.length).toBe(length)
  })
  it('is rows of tables, lines of the journal and packets of the lab', () => {
    expect(outcome('has-lease', { machine: 'guest' }).rows[0]).toMatchObject({
      machine: 'guest',
      table: 'interfaces',
      row: expect.stringContaining('eth0'),
    })
    const typed = outcome('command-used', { machine: 'guest', pattern: 'ping' })
    expect(typed.lines).toEqual([material.journal.find(({ line }) => line.startsWith('ping'))?.id])
    const seen = outcome('packets', { filter: 'icmp.type == 0', at: 'guest' })
    expect(seen).toMatchObject({ trial: false, packets: [expect.any(Number)] })
  })
})

it('docs/checks.md is what schema and samples say (node scripts/run.mjs scripts/checks-page.ts writes it anew)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(checksPage())
})
