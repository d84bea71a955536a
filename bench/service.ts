// The running service on this machine: key, role, lab host, rows and answer, over one connection that stays open.
import { child } from './child.ts'
import type { Benchmark } from './harness.ts'

const COMMANDS = 200

export const execMedian: Benchmark = {
  name: 'exec-median-ms',
  says: 'a command that waits for nothing, by the API of the running local service, key and role checked',
  run: () => ({
    ...child<{ value: number; reference: number }>('service', [COMMANDS]),
    unit: 'milliseconds',
    referenceIs: 'GET /health in between, over the same connection',
    runs: COMMANDS,
  }),
}
