// What every lab of the catalogue must do: build, be unsolved at first, be solved by its own scripts, always in the same way.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultText, parseDefinition } from '../durable/definition/parse.ts'
import type { LabDefinition } from '../durable/engine/lab/definition.ts'
import type { StoredLab } from '../durable/engine/lab/lab-api.ts'
import { openRuntime } from '../durable/runtime.ts'
import { parseScript, rename } from '../scripts/lab-script.ts'
import { transcript, Walk } from '../scripts/lab-walk.ts'
import { catalogue } from './index.ts'

const here = import.meta.dirname
const slugs = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const SEED = 1
const NO_NAMES: ReadonlyMap<string, string> = new Map()

function definitionOf(yaml: string): LabDefinition {
  const parsed = parseDefinition(yaml)
  if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
  return parsed.definition
}

function begin(yaml: string, seed: number, names = NO_NAMES): Walk {
  const opened = openRuntime(rename(yaml, names), seed)
  if (!opened.ok) throw new Error(opened.faults.map(faultText).join('\n'))
  return new Walk(opened.lab)
}

const missed = (walk: Walk) =>
  walk
    .check()
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ id, outcome, message }) => `${id}: ${outcome}: ${message}`)
const faults = (walk: Walk) =>
  walk.told.filter(({ fault }) => fault !== '').map(({ step, fault }) => `line ${step.line}: ${fault}`)

it('has every folder in its catalogue, once', () => {
  expect(catalogue.map(({ slug }) => slug).sort()).toEqual([...slugs].sort())
})

describe.each(slugs)('labs/%s', (slug) => {
  const folder = join(here, slug)
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  const yaml = text('lab.yaml')
  const scripts = readdirSync(join(folder, 'solutions')).filter((name) => name.endsWith('.script'))
  const steps = (name: string, names = NO_NAMES) => {
    const script = parseScript(rename(text(join('solutions', name)), names))
    expect(script.faults).toEqual([])
    return script.steps
  }
  const walk = (name: string, seed = SEED, names = NO_NAMES) => begin(yaml, seed, names).play(steps(name, names))

  it('is described in the catalogue as in its own file', () => {
    const { title, summary } = definitionOf(yaml)
    expect(catalogue.find((one) => one.slug === slug)).toEqual({ slug, title, summary, yaml, brief: text('brief.md') })
  })

  it('numbers the tasks of its brief from 1', () => {
    const numbers = [...text('brief.md').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
    expect(numbers).toEqual(numbers.map((_, at) => at + 1))
    expect(numbers.length).toBeGreaterThan(0)
  })

  it('is settled and not yet solved when it begins', () => {
    const start = begin(yaml, SEED)
    const outcomes = start.check()
    expect(outcomes.filter(({ outcome }) => outcome === 'could-not-run')).toEqual([])
    expect(outcomes.some(({ outcome }) => outcome === 'pass')).toBe(true)
    expect(outcomes.some(({ outcome }) => outcome === 'fail')).toBe(true)
    expect(start.lost).toBe(0)
  })

  it.each(scripts)('is solved by %s', (name) => {
    const end = walk(name)
    expect(faults(end)).toEqual([])
    expect(missed(end)).toEqual([])
    expect(end.lost).toBe(0)
  })

  it.each(scripts)('does the same again with the same seed: %s', (name) => {
    const [one, two] = [walk(name), walk(name)]
    expect(transcript(two.told)).toBe(transcript(one.told))
    expect(Buffer.compare(two.capture(), one.capture())).toBe(0)
  })

  it('does the same when it is stored and opened again after every step', () => {
    const one = walk('walk.script')
    const two = begin(yaml, SEED)
    for (const step of steps('walk.script')) {
      two.step(step)
      const again = openRuntime(yaml, SEED, JSON.parse(JSON.stringify(two.lab.save())) as StoredLab)
      if (again.ok) two.lab = again.lab
    }
    expect(transcript(two.told)).toBe(transcript(one.told))
    expect(Buffer.compare(two.capture(), one.capture())).toBe(0)
    expect(missed(two)).toEqual([])
  })

  it.each([2, 4711, 4_000_000_007])('is solved from seed %i as well', (seed) => {
    for (const name of scripts) {
      const end = walk(name, seed)
      expect(faults(end)).toEqual([])
      expect(missed(end)).toEqual([])
    }
  })

  it('is solved when machines and hosts have other names', () => {
    const names = new Map<string, string>()
    for (const { name, hostname, console } of definitionOf(yaml).machines) {
      if (console) names.set(name, `other-${name}`)
      if (console && hostname !== name) names.set(hostname, `NEW${hostname}`)
    }
    for (const name of scripts) {
      const end = walk(name, SEED, names)
      expect(faults(end)).toEqual([])
      expect(missed(end)).toEqual([])
    }
  })

  it('prints its golden transcript', () => {
    const golden = join(folder, 'golden.txt')
    const now = transcript(walk('walk.script').told)
    // UPDATE_GOLDEN=1 npm test -- labs: then read what git says has changed.
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, now)
    expect(now).toBe(readFileSync(golden, 'utf8'))
  })
})
