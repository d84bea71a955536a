// Every planted fault is named first, from several seeds; the same questions on whole labs name nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../../definition/parse.ts'
import { shells } from '../../../runtime.ts'
import { type Fault, faults, probe } from './faults.ts'
import { CAUSE_KINDS } from './history.ts'
import { whyNothing } from './why-nothing.ts'
import { whyPacket } from './why-packet.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { definition } = parsed
const SEEDS = [1, 2, 4711]

function asked(fault: Fault, seed: number) {
  const probed = probe(fault, definition, seed, shells)
  return { ...probed, why: whyNothing(probed.history, probed.command, probed.result) }
}

describe('the catalogue', () => {
  it('has at least thirty faults, each under a name of its own, of many kinds', () => {
    expect(faults.length).toBeGreaterThanOrEqual(30)
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length)
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(24)
  })
})

describe.each(faults.map((fault) => ({ ...fault, fault })))('$name', ({ fault, kind, machine }) => {
  it.each(SEEDS)(`is named: ${kind} ${machine} (seed %i)`, (seed) => {
    const { why, history } = asked(fault, seed)
    const [first] = why.causes
    expect([first?.cause.kind, first?.cause.machine ?? '', first?.text]).toEqual([kind, machine, first?.text])
    expect(Object.keys(CAUSE_KINDS)).toContain(first?.cause.kind)
    expect(first?.text).toMatch(/^[A-Za-z0-9].*\.$/)
    expect(why.healthy).toBe(false)
    const known = new Set(history.sightings.map(({ packet }) => packet))
    for (const { packets } of why.causes) for (const packet of packets) expect(known).toContain(packet)
  })

  it('is told without the present lab as well, as far as packets go', () => {
    const { history, command, result } = probe(fault, definition, 1, shells)
    const past = { ...history, lab: undefined }
    const why = whyNothing(past, command, result)
    for (const packet of why.causes.flatMap(({ packets }) => packets)) {
      expect(whyPacket(past, packet, { path: true }).sentences.length).toBeGreaterThan(1)
    }
  })
})

/** What is asked of a lab in which something was broken first, but nothing that only the VPN leads to. */
const questions = new Map(
  faults
    .filter(({ define, steps }) => define !== undefined || steps !== undefined)
    .map(({ probe: { console, line } }) => [`${console}> ${line}`, { console, line }] as const)
    .filter(([text]) => !/10\.99|intranet|-l 2000|:81|Port 81|win1>$|<address|vm1/.test(text)),
)

describe('a whole lab', () => {
  it.each([...questions])('names nothing: %s', (_, question) => {
    for (const seed of SEEDS) {
      const { why, result } = asked({ name: '', probe: question, kind: 'other', machine: '' }, seed)
      expect(result.exitStatus, result.output).toBe(0)
      expect(why.causes).toEqual([])
      expect(why.healthy).toBe(true)
    }
  })
})
