// Ten healthy labs: whatever got its answer is not found fault with, and what the walk lets fail on purpose is named.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../../definition/parse.ts'
import { shells } from '../../../runtime.ts'
import { parseScript, rename } from '../../../walk/script.ts'
import { Walk } from '../../../walk/walk.ts'
import { Lab } from '../lab.ts'
import type { History } from './history.ts'
import { whyNothing } from './why-nothing.ts'

const folder = join(import.meta.dirname, '../../../../labs/default-switch')
const yaml = readFileSync(join(folder, 'lab.yaml'), 'utf8')
const script = readFileSync(join(folder, 'solutions/walk.script'), 'utf8')

/** What comes to nothing in the walk, in its order, and why: cafés, the VPN and the restart are its subject. */
const ON_PURPOSE = [
  'win1: port-closed pc',
  'ubuntu1: port-closed pc',
  'desk: behind-nat pc',
  'ubuntu1: firewall pc',
  'ubuntu1: cable-unplugged pc',
  'ubuntu1: behind-nat router',
  'ubuntu1: vpn-not-connected pc',
  'ubuntu1: vpn-not-connected pc',
  'ubuntu1: stale-address ubuntu1',
]

function walked(seed: number, names: ReadonlyMap<string, string> = new Map()) {
  const parsed = parseDefinition(rename(yaml, names))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const lab = new Lab(parsed.definition, seed, shells)
  const walk = new Walk(lab)
  const named: string[] = []
  const blamed: string[] = []
  for (const step of parseScript(rename(script, names)).steps) {
    const { result, line } = walk.step(step)
    const entry = walk.journal.at(-1)
    if (result === null || entry === undefined || step.kind !== 'type') continue
    const history: History = { ...walk, vantages: lab.vantages, definition: lab.definition, lab }
    const why = whyNothing(history, entry.id, result)
    if (result.exitStatus === 0 && !why.healthy) blamed.push(`${line}: ${why.causes[0]?.text}`)
    for (const { cause } of why.causes) named.push(`${step.console}: ${cause.kind} ${cause.machine ?? ''}`)
  }
  return { named, blamed }
}

describe('the walk through a healthy lab', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'nothing is the matter with what succeeds; what fails has its reason: seed %i',
    (seed) => {
      const { named, blamed } = walked(seed)
      expect(blamed).toEqual([])
      expect(named).toEqual(ON_PURPOSE)
    },
  )

  it('does not depend on names', () => {
    const names = new Map(['pc', 'ubuntu1', 'ubuntu2', 'desk', 'win1'].map((name) => [name, `other-${name}`]))
    const { named, blamed } = walked(2, names)
    expect(blamed).toEqual([])
    expect(named).toEqual(ON_PURPOSE.map((text) => rename(text, names)))
  })
})
