// What storing the capture costs: full blocks of 500 sightings, as the lab host writes them.
import type { Lab } from '../durable/engine/lab/index.ts'
import { packFrames, type Seen } from '../durable/store/frame-block.ts'
import { type Benchmark, COPY, copyRate, RUNS, rate } from './harness.ts'
import { newLab, type } from './lab.ts'

const BLOCK = 500
const BLOCKS = 4
const MEGABYTE = 1e6

/** What a lab sees from power-on, and while a guest reaches out. */
function busyLab(): Lab {
  const lab = newLab()
  for (let command = 1; lab.nextSighting < BLOCK * BLOCKS; command += 2) {
    type(lab, 'ubuntu1', 'ping -c 5 www.example.com', command)
    type(lab, 'ubuntu2', 'dig www.example.org', command + 1)
  }
  return lab
}

function seenIn(lab: Lab): Seen[] {
  return lab.sightings(0).map(({ vantage, ...rest }) => {
    const place = lab.vantages[vantage]
    if (place === undefined) throw new Error(`sighting ${rest.sequence} is at no known place`)
    return { ...rest, place }
  })
}

function seal(): { readonly value: number; readonly reference: number } {
  const seen = seenIn(busyLab())
  const blocks = Array.from({ length: BLOCKS }, (_, at) => seen.slice(at * BLOCK, (at + 1) * BLOCK))
  const bytes = blocks.flat().reduce((sum, one) => sum + one.bytes.length, 0)
  const aBlock = bytes / BLOCKS / MEGABYTE
  const value = rate((count) => {
    for (let i = 0; i < count; i++) packFrames(blocks[i % BLOCKS] as Seen[])
  })
  return { value: value * aBlock, reference: copyRate(Math.round(bytes / BLOCKS)) * aBlock }
}

export const captureSeal: Benchmark = {
  name: 'capture-seal',
  says: `frames of a real run sealed in blocks of ${BLOCK}`,
  run: () => ({ ...seal(), unit: 'MB of frames per processor second', referenceIs: COPY, runs: RUNS }),
}
