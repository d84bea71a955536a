// Explanations: how many of the planted faults are named, on how many healthy labs nothing is, and what one costs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabDefinition } from '../durable/engine/lab/definition.ts'
import { Lab } from '../durable/engine/lab/index.ts'
import { type Fault, faults, type History, type Probed, probe, whyNothing, whyPacket } from '../durable/engine/lab/why/index.ts'
import { dissect } from '../durable/engine/wire/dissect.ts'
import { shells } from '../durable/runtime.ts'
import { parseScript } from '../durable/walk/script.ts'
import { Walk } from '../durable/walk/walk.ts'
import { labOf, planted } from '../test/engine/planted.ts'
import { type Benchmark, cpuSeconds, median } from './harness.ts'
import { readDefinition } from './lab.ts'

const SEEDS = [1, 2, 3]
const HEALTHY = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const definition = readDefinition()

/** Those of the first lab, and those of the labs that are about finding faults. */
const all: readonly { readonly fault: Fault; readonly in: LabDefinition }[] = [
  ...faults.map((fault) => ({ fault, in: definition })),
  ...planted.map((fault) => ({ fault, in: labOf(fault) })),
]

function names({ fault, in: lab }: (typeof all)[number], seed: number): boolean {
  const { history, command, result } = probe(fault, lab, seed, shells)
  const [first] = whyNothing(history, command, result).causes
  return first?.cause.kind === fault.kind && (first.cause.machine ?? '') === fault.machine
}

/** The walk of the lab: of no command that got what it asked for is anything said to be the matter. */
function saysNothing(seed: number): boolean {
  const script = readFileSync(join(import.meta.dirname, '../labs/default-switch/solutions/walk.script'), 'utf8')
  const lab = new Lab(definition, seed, shells)
  const walk = new Walk(lab)
  return parseScript(script).steps.every((step) => {
    const { result } = walk.step(step)
    if (result === null || result.exitStatus !== 0) return true
    const history: History = { ...walk, vantages: lab.vantages, definition, lab }
    return whyNothing(history, walk.journal.at(-1)?.id ?? 0, result).healthy
  })
}

export const whyNamed: Benchmark = {
  name: 'why-named',
  says: `labs of which the right thing is said: ${all.length} planted faults from ${SEEDS.length} seeds, ${HEALTHY.length} healthy walks`,
  run() {
    const right = all.flatMap((one) => SEEDS.map((seed) => names(one, seed))).filter(Boolean).length
    return {
      value: right + HEALTHY.filter(saysNothing).length,
      unit: 'labs',
      reference: all.length * SEEDS.length + HEALTHY.length,
      referenceIs: 'all of them',
      runs: 1,
    }
  },
}

export const whyTime: Benchmark = {
  name: 'why-milliseconds',
  says: 'explaining a command that got nothing, and each packet that shows it, the whole way through the virtual machine told',
  run() {
    const probed: Probed[] = faults.map((fault) => probe(fault, definition, 1, shells))
    const explained: number[] = []
    const read: number[] = []
    for (const { history, command, result } of probed) {
      let count = 0
      const seconds = cpuSeconds(() => {
        const { causes } = whyNothing(history, command, result)
        const packets = new Set(causes.flatMap((cause) => cause.packets))
        for (const packet of packets) whyPacket(history, packet, { path: true })
        count = 1 + packets.size
      })
      explained.push((seconds * 1000) / count)
      read.push(cpuSeconds(() => dissectAll(history)) * 1000)
    }
    return {
      value: median(explained),
      unit: 'milliseconds',
      reference: median(read),
      referenceIs: 'dissecting the sightings of the same labs once',
      runs: explained.length,
    }
  },
}

function dissectAll({ sightings, vantages }: History): void {
  for (const { bytes, vantage } of sightings) dissect(bytes, vantages[vantage]?.linkType)
}
