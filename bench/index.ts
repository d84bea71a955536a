import { napt64, napt1500, switch64, switch1500 } from './forwarding.ts'
import type { Benchmark } from './harness.ts'

export const benchmarks: readonly Benchmark[] = [switch64, switch1500, napt64, napt1500]
