// consoles.ts SOCKETS PACKETS SECONDS: sockets on one lab in live time that records so many packets a second; all of them but one
// acknowledge what they get. In a process of its own, because the service writes its log to the standard output.
import { setTimeout } from 'node:timers/promises'
import { type Client, exec, makeLab } from '../client.ts'
import type { Consoles } from '../consoles.ts'
import { Service } from '../local-service.ts'
import { Watcher } from '../watcher.ts'

const [SOCKETS = 50, PACKETS = 2000, SECONDS = 10] = process.argv.slice(2).map(Number)
/** What runs in the meantime: one that prints every answer, and some that only send. */
const PROGRAMS = [
  ['desk', 'ping -n www.example.com'],
  ['ubuntu1', 'ping -n -q -i 0.1 www.example.com'],
  ['ubuntu2', 'ping -n -q -i 0.1 www.example.com'],
] as const
const CALIBRATION = 3_000
const LONGEST_WAIT = 20_000
/** What may be on its way to a socket; the welcome is not counted. */
const UNACKNOWLEDGED = 256 * 1024
/** No packet has this number, so that a page of what has ends at the newest. */
const NO_PACKET = 1_000_000_000

/** The sequence number of the newest packet. */
async function newest(client: Client, lab: string, after: number): Promise<number> {
  return (await client.want<{ next: number }>(200, 'GET', `/v1/labs/${lab}/packets?packet=${NO_PACKET}&after=${after}`)).next
}

async function known(client: Client, lab: string, after: number) {
  const sequence = await newest(client, lab, after)
  return { sequence, seconds: performance.now() / 1000 }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > LONGEST_WAIT) throw new Error(`this never came: ${what}`)
    await setTimeout(20)
  }
}

async function measure(client: Client, url: string): Promise<Consoles> {
  const all: Watcher[] = []
  try {
    return await watch(client, url, all)
  } finally {
    for (const one of all) one.close()
    await setTimeout(500)
  }
}

async function watch(client: Client, url: string, all: Watcher[]): Promise<Consoles> {
  const lab = await makeLab(client, 1)
  const clock = (change: object) => client.want(200, 'PATCH', `/v1/labs/${lab}/clock`, change)
  const start = await newest(client, lab, -1)
  const socket = `${url.replace(/^http/, 'ws')}/v1/labs/${lab}/socket`
  for (let i = 0; i < SOCKETS; i++) all.push(await Watcher.join(socket, client.authorization, start))
  const [stalled, ...others] = all
  await until('a word to everybody', () => all.every(({ characters }) => characters > 0))
  const welcome = stalled.characters
  stalled.acknowledges = false

  await clock({ mode: 'live', running: true, speed: 1 })
  for (const [console, line] of PROGRAMS) await exec(client, lab, console, line)
  const at = async () => ({
    micros: (await client.want<{ now: number }>(200, 'GET', `/v1/labs/${lab}/clock`)).now,
    sequence: await newest(client, lab, others[0].last),
  })
  const calm = await at()
  await setTimeout(CALIBRATION)
  const then = await at()
  const rate = (1e6 * (then.sequence - calm.sequence)) / (then.micros - calm.micros)
  await clock({ speed: Math.min(1000, PACKETS / rate) })
  await setTimeout(1_000)

  // The lab answers late when it has much to do: each count goes with the time when it was known.
  const first = await known(client, lab, others[0].last)
  const begin = performance.now()
  const before = others.map(({ packets }) => packets)
  await setTimeout(SECONDS * 1000)
  const seconds = (performance.now() - begin) / 1000
  const received = others.map(({ packets }, at) => (packets - before[at]) / seconds)
  const last = await known(client, lab, others[0].last)
  const sent = stalled.characters - welcome

  await clock({ running: false })
  const end = await newest(client, lab, others[0].last)
  await until('the last packet, to everybody', () => others.every((one) => one.last >= end))
  // Now it wants to go on.
  const had = stalled.last
  stalled.send({ type: 'credit', batches: stalled.batches })
  await until('what was skipped, to the one that stalled', () => stalled.skipped.length > 0)
  const [{ from, to }] = stalled.skipped
  return {
    received: received.reduce((sum, one) => sum + one, 0),
    slowest: Math.min(...received),
    recorded: (last.sequence - first.sequence) / (last.seconds - first.seconds),
    lost: others.reduce((sum, one) => sum + one.gaps + one.skipped.length, 0),
    stalled: { sent, budget: UNACKNOWLEDGED, told: from === had + 1 && to < end },
  }
}

const service = await Service.make()
try {
  console.log(JSON.stringify(await service.run((client, { url }) => measure(client, url))))
} finally {
  service.remove()
}
