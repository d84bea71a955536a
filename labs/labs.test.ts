// What every lab of the catalogue must do: build, be unsolved at first, be solved by its own scripts, always in the same way.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { withSurroundings } from '../durable/definition/around.ts'
import { faultText, parseDefinition } from '../durable/definition/parse.ts'
import { definitionFaults, variantOf } from '../durable/definition/variants/index.ts'
import type { LabDefinition } from '../durable/engine/lab/definition.ts'
import type { StoredLab } from '../durable/engine/lab/lab-api.ts'
import { openParsed, openRuntime } from '../durable/runtime.ts'
import { scriptFor } from '../durable/walk/for-variant.ts'
import { rename, type Step } from '../durable/walk/script.ts'
import { transcript, Walk } from '../durable/walk/walk.ts'
import { catalogue } from './index.ts'

const here = import.meta.dirname

type Scripts = ReadonlyMap<string, string>
type LabFiles = {
  readonly slug: string
  readonly yaml: string
  readonly brief: string
  /** The ways to all points; the first one is the one whose transcript is kept. */
  readonly solutions: Scripts
  /** Other walks: mistakes, and how to take things apart. */
  readonly walks: Scripts
  /** Typical wrong ways; each says what it loses. */
  readonly wrong: Scripts
  readonly without: string
  readonly golden: string
}

const textOf = (...path: readonly string[]): string => readFileSync(join(here, ...path), 'utf8')
const filesIn = (...path: readonly string[]): string[] =>
  existsSync(join(here, ...path)) ? readdirSync(join(here, ...path)) : []
const scriptsIn = (...path: readonly string[]): Scripts =>
  new Map(
    filesIn(...path)
      .filter((name) => name.endsWith('.script'))
      .map((name) => [name, textOf(...path, name)]),
  )

/** A folder is a lab; the folder of faults is one lab for each. */
function labsIn(folder: string): LabFiles[] {
  const brief = textOf(folder, 'brief.md')
  const faultFiles = filesIn(folder, 'faults').filter((name) => name.endsWith('.yaml'))
  if (faultFiles.length === 0) {
    const [solutions, walks, wrong] = ['solutions', 'walks', 'wrong'].map((name) => scriptsIn(folder, name)) as [
      Scripts,
      Scripts,
      Scripts,
    ]
    const without = existsSync(join(here, folder, 'without.yaml')) ? textOf(folder, 'without.yaml') : ''
    return [
      {
        slug: folder,
        yaml: textOf(folder, 'lab.yaml'),
        brief,
        solutions,
        walks,
        wrong,
        without,
        golden: join(folder, 'golden.txt'),
      },
    ]
  }
  return faultFiles.map((file) => {
    const name = file.replace('.yaml', '')
    return {
      slug: `${folder}-${name}`,
      yaml: textOf(folder, 'machines.yaml') + textOf(folder, 'faults', file),
      brief,
      solutions: new Map([['walk.script', textOf(folder, 'faults', `${name}.script`)]]),
      walks: new Map(),
      wrong: new Map(),
      without: '',
      golden: join(folder, 'faults', `${name}.golden.txt`),
    }
  })
}

const labs = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => labsIn(name))

const SEED = 1
const NO_NAMES: ReadonlyMap<string, string> = new Map()

function definitionOf(yaml: string, seed = SEED): LabDefinition {
  const parsed = parseDefinition(yaml, seed)
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
  expect(catalogue.map(({ slug }) => slug).sort()).toEqual(labs.map(({ slug }) => slug).sort())
})

/** A line of a lab's `without.yaml`: lines of its walk that contain this are left out, and these checks do not pass then. */
type Without = { readonly without: string; readonly breaks: readonly string[] }

/** What ping prints of an answer, on Windows and on Linux, from another machine. */
const ANSWERED = /^(?:Reply from|\d+ bytes from) (?:\S+ \()?(\d+\.\d+\.\d+\.\d+)\)?: (?:bytes=|icmp_seq=)/gm

const IPV4_AT = [14, 18, 0]

/** Whether the frame carries an echo reply from there, with or without a VLAN tag. */
function isEchoReply(bytes: Uint8Array, from: string): boolean {
  const source = from.split('.').map(Number)
  return IPV4_AT.some(
    (at) => bytes[at] === 0x45 && bytes[at + 9] === 1 && source.every((octet, i) => bytes[at + 12 + i] === octet),
  )
}

/** `# loses: check 4, other 2`. */
const losses = (comment: string): string[] =>
  /^# loses: (.+)$/
    .exec(comment)?.[1]
    ?.split(',')
    .map((one) => one.trim()) ?? []

const isAct = ({ kind }: Step): boolean => kind !== 'shows' && kind !== 'hides'

describe.each(labs)(
  'labs/$slug',
  ({ slug, yaml, brief, solutions, walks, without: mechanismText, golden: goldenFile, wrong }) => {
    const definitionSource = parse(yaml) as { around?: string }
    const scripts = [...solutions.keys()]
    const further = [...walks.keys()]
    const scriptOf = (text: string | undefined, seed: number, names: ReadonlyMap<string, string>) => {
      const answer = variantOf(rename(yaml, names), seed)
      if (!answer.ok) throw new Error(answer.faults.map(faultText).join('\n'))
      const script = scriptFor(rename(text ?? '', names), answer.variant)
      expect(script.faults).toEqual([])
      return script
    }
    const steps = (name: string, seed = SEED, names = NO_NAMES) => scriptOf(solutions.get(name), seed, names).steps
    const furtherSteps = (name: string, seed = SEED, names = NO_NAMES) => scriptOf(walks.get(name), seed, names).steps
    const walk = (name: string, seed = SEED, names = NO_NAMES) => begin(yaml, seed, names).play(steps(name, seed, names))

    it('is described in the catalogue as in its own file', () => {
      const { title, summary } = definitionOf(yaml)
      expect(catalogue.find((one) => one.slug === slug)).toEqual({ slug, title, summary, yaml, brief })
    })

    it('numbers the tasks of its brief from 1', () => {
      const numbers = [...brief.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
      expect(numbers).toEqual(numbers.map((_, at) => at + 1))
      expect(numbers.length).toBeGreaterThan(0)
    })

    it('begins with lines that all did what they say', () => {
      const { prepare = [], ...definition } = definitionOf(yaml)
      const start = new Walk(openParsed(definition, SEED))
      const wrong = prepare.filter(({ machine, line }) => {
        const { result } = start.step({ kind: 'type', line: 0, console: machine, text: line })
        return result?.exitStatus !== 0
      })
      expect(wrong).toEqual([])
    })

    it('is settled and not yet solved when it begins', () => {
      const start = begin(yaml, SEED)
      const outcomes = start.check()
      // A machine that is still to be started may be asked for, and a fact that is still to come.
      const broken = outcomes.filter(
        ({ outcome, message }) => outcome === 'could-not-run' && !/ (?:is not running|at the moment)\.$/.test(message),
      )
      expect(broken).toEqual([])
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
      const surroundings = withSurroundings({ around: definitionSource.around }) as { machines?: object }
      for (const { name, hostname, console } of definitionOf(yaml).machines) {
        if (surroundings.machines !== undefined && name in surroundings.machines) continue
        if (console) names.set(name, `other-${name}`)
        if (console && hostname !== name) names.set(hostname, `NEW${hostname}`)
      }
      for (const name of scripts) {
        const end = walk(name, SEED, names)
        expect(faults(end)).toEqual([])
        expect(missed(end)).toEqual([])
      }
      for (const name of further) expect(faults(begin(yaml, SEED, names).play(furtherSteps(name, SEED, names)))).toEqual([])
    })

    it.each(further)('goes as it says, from any seed: %s', (name) => {
      for (const seed of [SEED, 2, 4711]) expect(faults(begin(yaml, seed).play(furtherSteps(name, seed)))).toEqual([])
    })

    it('tells of no answer that did not come', () => {
      for (const { line, output, seen } of walk('walk.script').told)
        for (const [, from = ''] of output.matchAll(ANSWERED))
          expect([line, from, seen.some(({ bytes }) => isEchoReply(bytes, from))]).toEqual([line, from, true])
    })

    const mechanisms = mechanismText === '' ? [] : (parse(mechanismText) as Without[])
    it.each(mechanisms)('breaks without $without', ({ without, breaks }) => {
      const left = steps('walk.script').filter((step) => !(step.kind === 'type' && step.text.includes(without)))
      expect(left.length).toBeLessThan(steps('walk.script').length)
      const end = begin(yaml, SEED).play(left.filter(isAct))
      const failed = end.check().filter(({ outcome }) => outcome !== 'pass')
      expect(failed.map(({ id }) => id)).toEqual(expect.arrayContaining([...breaks]))
    })

    it('has no mistake in it, whatever is drawn', () => {
      expect(definitionFaults(yaml)).toEqual([])
    })

    it.each([...wrong.keys()])('takes exactly the points that it says: %s', (name) => {
      for (const seed of [SEED, 2, 4711]) {
        const script = scriptOf(wrong.get(name), seed, NO_NAMES)
        const taken = begin(yaml, seed).play(script.steps)
        expect(faults(taken)).toEqual([])
        const lost = taken.check().filter(({ points, of }) => points < of)
        const said = script.text.split('\n').flatMap(losses)
        expect(said.length).toBeGreaterThan(0)
        expect(lost.map(({ id, points, of }) => `${id} ${of - points}`).sort()).toEqual(said.sort())
      }
    })

    const { lesson, total, checks } = definitionOf(yaml)
    const graded = lesson === undefined ? [] : [lesson]
    it.each(graded)('is complete as a graded lab', ({ tasks, minutes }) => {
      expect(solutions.size).toBeGreaterThanOrEqual(2)
      expect(wrong.size).toBeGreaterThanOrEqual(3)
      expect(total).toBe(checks.reduce((all, { points }) => all + points, 0))
      expect(checks.filter(({ hints = [] }) => hints.length === 0).map(({ id }) => id)).toEqual([])
      // The brief has the tasks of the lesson, each with the points of its checks.
      const told = [...brief.matchAll(/^\d+\. \*\*(.+?)\*\* \((\d+) points?\)/gm)].map(([, title, points]) => [
        title,
        Number(points),
      ])
      const points = new Map(checks.map((check) => [check.id, check.points]))
      const wanted = tasks.map((task) => [task.title, task.checks.reduce((all, id) => all + (points.get(id) ?? 0), 0)])
      expect(told).toEqual(wanted)
      expect(brief).toContain(`${minutes} minutes, and ${total} points`)
      const filled = variantOf(yaml, SEED)
      expect(filled.ok && filled.variant.fill(brief).faults).toEqual([])
    })

    it('prints its golden transcript', () => {
      const golden = join(here, goldenFile)
      const now = transcript(walk('walk.script').told)
      // UPDATE_GOLDEN=1 npm test -- labs: then read what git says has changed.
      if (process.env.UPDATE_GOLDEN) writeFileSync(golden, now)
      expect(now).toBe(readFileSync(golden, 'utf8'))
    })
  },
)
