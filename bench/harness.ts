// What every benchmark shares: processor time, repetition, and a physical limit measured in the same run to compare with,
// since machines are noisy.

export type Measurement = {
  /** The figure, in `unit`. */
  readonly value: number
  readonly unit: string
  /** What the reference is, in the same unit, and in words. */
  readonly reference: number
  readonly referenceIs: string
  /** How many runs the figure is the median of. */
  readonly runs: number
}

export type Benchmark = { readonly name: string; readonly says: string; readonly run: () => Measurement | Promise<Measurement> }

/** Processor seconds that `work` takes. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

export const RUNS = 7

/** Units of work per processor second: `work(n)` does n of them. The number is chosen so that a run takes long enough to measure. */
export function rate(work: (count: number) => void, runs = RUNS, seconds = 0.4): number {
  let count = 64
  for (let took = 0; took < seconds / 4; count *= 2) took = cpuSeconds(() => work(count))
  const measured: number[] = []
  for (let i = 0; i < runs; i++) measured.push(count / cpuSeconds(() => work(count)))
  return median(measured)
}

/** How often per processor second the bytes of a frame can be copied to fresh places: no frame can be handled faster than that. */
export function copyRate(length: number): number {
  const from = new Uint8Array(length).fill(0x5a)
  const to = new Uint8Array(1 << 22)
  const places = Math.floor(to.length / length)
  return rate((count) => {
    for (let i = 0; i < count; i++) to.set(from, (i % places) * length)
  })
}

export const COPY = 'copying the bytes of the same frames once'
