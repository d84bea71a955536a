// A machine from outside at a port of a lab of the running service.
import { child } from './child.ts'
import type { Benchmark } from './harness.ts'

const SECONDS = 5
const flow = (size: number, window: number) => ({
  ...child<{ value: number; reference: number }>('attach', [size, window, SECONDS]),
  referenceIs: 'a WebSocket server in the same process that gives each frame back',
  runs: 1,
})

export const attachEchoes: Benchmark = {
  name: 'attach-echoes',
  says: `1,514-byte echoes a second, there and back through switch, router, NAT and provider, 256 on their way, for ${SECONDS} s`,
  run: () => ({ ...flow(1_472, 256), unit: 'echoes a second: twice as many frames at the port' }),
}

export const attachRoundTrips: Benchmark = {
  name: 'attach-round-trips',
  says: `98-byte echoes a second on the same way, one after the other, for ${SECONDS} s`,
  run: () => ({ ...flow(56, 1), unit: 'round trips a second' }),
}
