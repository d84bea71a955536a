// Random and mutated frames on every type of port of a lab: nothing may throw, no table and no memory may grow without end.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FuzzLab } from '../durable/engine/test-support/fuzz-lab.ts'
import { type Benchmark, cpuSeconds } from './harness.ts'
import { readDefinition } from './lab.ts'

const FRAMES = Number(process.env['FRAMES'] ?? 5_000_000)
const SEED = Number(process.env['SEED'] ?? 1)
/** Memory is looked at, and tables are measured, this often. */
const SLICES = 20

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heap = (): number => {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

export const fuzzFrames: Benchmark = {
  name: 'fuzz-frames',
  says: `${FRAMES} random and mutated frames (seed ${SEED}) on every type of port of the first lab`,
  run: () => {
    const rig = new FuzzLab(readDefinition(), SEED)
    const tables = new Map<string, number>()
    const heaps: number[] = []
    let seconds = 0
    let exceptions = 0
    for (let slice = 0; slice < SLICES; slice++) {
      seconds += cpuSeconds(() => {
        exceptions = rig.run(FRAMES / SLICES).exceptions
      })
      for (const [name, size] of rig.tables()) if (size > (tables.get(name) ?? 0)) tables.set(name, size)
      heaps.push(heap())
    }
    const { first, frames, byPort } = rig.run(0)
    if (first !== '') console.log(first)
    console.log(`frames by port: ${[...byPort].map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
    const largest = [...tables].filter(([, size]) => size >= 32).sort((a, b) => b[1] - a[1])
    console.log(
      `largest tables: ${largest
        .slice(0, 24)
        .map(([name, size]) => `${name} ${size}`)
        .join(', ')}`,
    )
    console.log(`memory after each ${FRAMES / SLICES} frames, MiB: ${heaps.map(mib).join(' ')}`)
    console.log(`${Math.round(frames / seconds)} frames per processor second`)
    return { value: exceptions, unit: 'exceptions', reference: frames, referenceIs: 'frames', runs: 1 }
  },
}
