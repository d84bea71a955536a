// Between two guests of the whole lab: host stack, VMBus, virtual switch, VMBus, host stack, with everything recorded that
// a person could see. Storing it is apart (capture-seal).
import type { DatagramOwner, EchoOwner } from '../durable/engine/ip/hooks.ts'
import { sendEcho } from '../durable/engine/ip/icmp.ts'
import { HEADROOM } from '../durable/engine/ip/output.ts'
import { bindUdp, sendUdp } from '../durable/engine/ip/udp.ts'
import { type Benchmark, COPY, copyRate, RUNS, rate } from './harness.ts'
import { guestOf, newLab } from './lab.ts'

const BURST = 64
/** The way from guest to guest takes 40 microseconds. */
const WAY = 50
/** Enough for a question and an answer about addresses, and then for the way. */
const FIRST_WAY = 1000
const PORT = 5001
const IDENT = 0x4242
const UDP_PAYLOAD = 64
const ECHO_PAYLOAD = 56
/** Of UDP as of an echo message. */
const HEADER = 8

function deliveries(): number {
  const lab = newLab()
  const { sim, recorder } = lab.parts
  const from = guestOf(lab, 'ubuntu1')
  const to = guestOf(lab, 'ubuntu2')
  let received = 0
  const owner: DatagramOwner = { name: 'bench', datagram: () => void received++ }
  const sender = bindUdp(from.stack, owner, { port: PORT })
  const receiver = bindUdp(to.stack, owner, { port: PORT })
  if (sender === undefined || receiver === undefined) throw new Error(`UDP port ${PORT} is taken`)
  const payload = new Uint8Array(UDP_PAYLOAD).fill(0x5a)
  let sent = 0
  const burst = (size: number, time = WAY) => {
    for (let i = 0; i < size; i++) sendUdp(from.stack, sender, to.ip, PORT, payload)
    sim.run(sim.now + time)
    sent += size
  }
  burst(1, FIRST_WAY)
  const seenBefore = recorder.next
  const sentBefore = sent
  const result = rate((count) => {
    for (let left = count; left > 0; left -= BURST) burst(BURST)
  })
  if (received !== sent) throw new Error(`${sent} datagrams were sent and ${received} arrived`)
  if (recorder.next - seenBefore < 2 * (sent - sentBefore)) throw new Error('not every frame was seen at both ends')
  return result
}

function roundTrips(): number {
  const lab = newLab()
  const { sim } = lab.parts
  const from = guestOf(lab, 'ubuntu1')
  const to = guestOf(lab, 'ubuntu2')
  let answered = 0
  const owner: EchoOwner = { echoReply: () => void answered++, echoError() {} }
  from.stack.echoes.set(IDENT, owner)
  const payload = new Uint8Array(ECHO_PAYLOAD).fill(0x5a)
  let sent = 0
  const burst = (size: number, time = 2 * WAY) => {
    for (let i = 0; i < size; i++) sendEcho(from.stack, to.ip, IDENT, sent++ & 0xffff, payload)
    sim.run(sim.now + time)
  }
  burst(1, FIRST_WAY)
  const result = rate((count) => {
    for (let left = count; left > 0; left -= BURST) burst(BURST)
  })
  if (answered !== sent) throw new Error(`${sent} echo requests were sent and ${answered} answers came`)
  return result
}

export const labDeliveries: Benchmark = {
  name: 'lab-deliveries',
  says: 'UDP datagrams of 64 bytes from one guest to another, in the whole lab, everything recorded',
  run: () => ({
    value: deliveries(),
    unit: 'deliveries per processor second',
    reference: copyRate(HEADROOM + HEADER + UDP_PAYLOAD),
    referenceIs: COPY,
    runs: RUNS,
  }),
}

export const pingRoundTrips: Benchmark = {
  name: 'ping-round-trips',
  says: 'echo requests of 56 bytes from one guest to another, and their answers, in the whole lab',
  run: () => ({
    value: roundTrips(),
    unit: 'round trips per processor second',
    reference: copyRate(2 * (HEADROOM + HEADER + ECHO_PAYLOAD)),
    referenceIs: COPY,
    runs: RUNS,
  }),
}
