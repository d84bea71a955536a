import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RandomStream } from '../../durable/engine/sim/random.ts'
import type { ExecAnswer, PacketPage } from '../../durable/protocol.ts'
import { MortalService } from './mortal-service.ts'

const ROUNDS = 8
/** A round's commands before the one that the kill falls upon, at most. */
const CALM = 8
const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)
const random = new RandomStream(seed, 'crash')

type Sent = { readonly console: string; readonly line: string; readonly clientId: string; answer?: ExecAnswer }
type Entry = { readonly id: number; readonly line: string; readonly output: string }

const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-crash-'))
const sent: Sent[] = []
const counts = { unanswered: 0, done: 0 }
/** Milliseconds that two commands take. */
let usual = 20
let service: MortalService
let lab: string

beforeAll(async () => {
  // The assets' folder must be there; what is in it does not matter here.
  mkdirSync('dist/web', { recursive: true })
  service = await MortalService.start(dataDir)
  lab = (await service.ask<{ id: string }>('POST', '/v1/labs', { catalogue: 'default-switch', seed: 1 })).id
})
afterAll(async () => {
  await service?.kill()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Two consoles: one counts what was done to it, the other sends frames. No two lines are the same. */
function next(): [Sent, Sent] {
  const number = sent.length / 2 + 1
  const counting = { console: 'pc', line: `$n += 1; "command ${number} is $n"`, clientId: `crash-pc-${number}` }
  const pinging = { console: 'ubuntu1', line: `echo ${number}; ping -c 1 192.0.2.80`, clientId: `crash-ubuntu1-${number}` }
  sent.push(counting, pinging)
  return [counting, pinging]
}

async function exec(one: Sent): Promise<ExecAnswer> {
  const { console, line, clientId } = one
  return service.ask('POST', `/v1/labs/${lab}/exec`, { console, line, clientId })
}

async function journal(): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let after = 0; ; ) {
    const page = await service.ask<{ entries: Entry[]; next: number }>('GET', `/v1/labs/${lab}/journal?after=${after}&limit=200`)
    if (page.entries.length === 0) return entries
    entries.push(...page.entries)
    after = page.next
  }
}

/** Some commands, and a kill while the last two are under way. */
async function crash(): Promise<void> {
  for (let calm = random.below(CALM + 1); calm > 0; calm--) {
    const begin = performance.now()
    await Promise.all(next().map(async (one) => Object.assign(one, { answer: await exec(one) })))
    usual = performance.now() - begin
  }
  const fatal = next().map((one) =>
    exec(one).then(
      (answer) => void Object.assign(one, { answer }),
      () => undefined,
    ),
  )
  // Before they ran, in the middle, or after; machines are fast and slow, so by the time that the last ones took.
  await sleep((usual * random.below(150)) / 100)
  await service.kill()
  await Promise.all(fatal)
}

/** Who had no answer asks again, with the same id. */
async function recover(): Promise<void> {
  service = await MortalService.start(dataDir)
  const before = new Set((await journal()).map(({ line }) => line))
  for (const one of sent) {
    if (one.answer) {
      expect(before, `${one.line} was acknowledged`).toContain(one.line)
      continue
    }
    counts.unanswered++
    one.answer = await exec(one)
    expect(one.answer.repeated, one.line).toBe(before.has(one.line))
    if (one.answer.repeated) counts.done++
  }
}

it(`nothing acknowledged is lost and nothing happens twice, whenever the power fails (CRASH_SEED=${seed})`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await crash()
    await recover()
    const entries = await journal()
    expect(entries.map(({ line }) => line).sort()).toEqual(sent.map(({ line }) => line).sort())
    for (const { line, answer } of sent) expect(entries.find((one) => one.line === line)?.output).toBe(answer?.output)
  }

  const counting = sent.filter(({ console }) => console === 'pc')
  expect(counting.map(({ answer }) => answer?.output)).toEqual(counting.map((_, at) => `command ${at + 1} is ${at + 1}\n`))
  const pinging = sent.filter(({ console }) => console === 'ubuntu1')
  expect(pinging.filter(({ answer }) => answer?.exitStatus !== 0)).toEqual([])

  const [old] = sent
  expect(await exec(old)).toEqual({ ...old.answer, repeated: true })

  const rows = gunzipSync(Buffer.from(await (await service.fetch('GET', `/v1/labs/${lab}/export`)).arrayBuffer()))
  const parsed = rows
    .toString()
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row) as { row?: string; clientId?: string })
  const written = parsed.filter(({ row }) => row === 'journal')
  expect(written.map(({ clientId }) => clientId).sort()).toEqual(sent.map(({ clientId }) => clientId).sort())

  const sequences: number[] = []
  for (let after = -1; ; ) {
    const page = await service.ask<PacketPage>('GET', `/v1/labs/${lab}/packets?after=${after}&limit=500`)
    if (page.packets.length === 0) break
    sequences.push(...page.packets.map(({ sequence }) => sequence))
    after = page.next
  }
  expect(sequences).toEqual(sequences.map((_, at) => at))
  console.log(`seed ${seed}: ${sent.length} commands, ${counts.unanswered} unanswered, ${counts.done} of them done all the same`)
}, 300_000)
