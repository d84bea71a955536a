// What moving through time and copies of labs cost.
import { Lab } from '../durable/engine/lab/index.ts'
import type { StoredLab } from '../durable/engine/lab/lab-api.ts'
import { DAY } from '../durable/engine/sim/time.ts'
import { shells } from '../durable/runtime.ts'
import { type Benchmark, cpuSeconds, type Measurement, median, RUNS } from './harness.ts'
import { newLab, readDefinition, SEED, SMALL_RING, type, withGuests } from './lab.ts'

const MACHINES = 50
const LEASE_GUESTS = 10
const DAYS = 8

const named = (count: number): string[] => Array.from({ length: count }, (_, at) => `guest${at + 1}`)

/** Processor milliseconds, beside reading the same rows as JSON. */
function beside(stored: StoredLab, work: () => void): Measurement {
  const text = JSON.stringify(stored)
  const milliseconds = (task: () => void): number => median(Array.from({ length: RUNS }, () => cpuSeconds(task) * 1000))
  work()
  return {
    value: milliseconds(work),
    unit: 'processor milliseconds',
    reference: milliseconds(() => JSON.parse(text)),
    referenceIs: 'parsing the rows',
    runs: RUNS,
  }
}

export const openCold: Benchmark = {
  name: 'open-50-cpu-ms',
  says: `opening a lab of ${MACHINES} machines from its rows`,
  run: () => {
    const whole = readDefinition()
    const definition = withGuests(whole, named(MACHINES - whole.machines.length))
    const lab = newLab(definition)
    type(lab, 'ubuntu1', 'ping -c 2 www.example.com', 1)
    const text = JSON.stringify(lab.save())
    return beside(lab.save(), () => void new Lab(definition, SEED, shells, JSON.parse(text) as StoredLab, SMALL_RING))
  },
}

export const fork: Benchmark = {
  name: 'fork-cpu-ms',
  says: 'a copy in memory of the first lab (17 machines), with a capture of its own',
  run: () => {
    const lab = newLab()
    type(lab, 'ubuntu1', 'ping -c 2 www.example.com', 1)
    return beside(lab.save(), () => void lab.copy())
  },
}

export const jump: Benchmark = {
  name: 'jump-cpu-ms',
  says: `${DAYS} days of lab time at once, with ${LEASE_GUESTS} guests more that renew their leases`,
  run: () => {
    const definition = withGuests(readDefinition(), named(LEASE_GUESTS))
    const measured: number[] = []
    let stored = newLab(definition).save()
    for (let run = 0; run < RUNS; run++) {
      const lab = newLab(definition)
      measured.push(cpuSeconds(() => void lab.operate({ do: 'advance', to: lab.now + DAYS * DAY }, 1)) * 1000)
      stored = lab.save()
    }
    return { ...beside(stored, () => undefined), value: median(measured) }
  },
}
