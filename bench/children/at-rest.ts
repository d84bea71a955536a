// at-rest.ts LABS WAKE OPEN: makes so many labs in one service and lets it rest; wakes some, then opens some. In a process of its
// own, because the service writes its log to the standard output.
import { type Client, exec, hostname, makeLab, milliseconds } from '../client.ts'
import { median } from '../harness.ts'
import { newLab } from '../lab.ts'
import { residentBytes, Service } from '../local-service.ts'
import type { AtRest } from '../rest.ts'

const [LABS = 1000, WAKE = 100, OPEN = 50] = process.argv.slice(2).map(Number)
/** Made at the same time. */
const ABREAST = 8
/** Labs that are woken before anything is measured: the first of all waits for the code. */
const WARM_UP = 10
const REST = 2_000

async function make(client: Client): Promise<readonly string[]> {
  const ids: string[] = []
  for (let at = 0; at < LABS; at += ABREAST) {
    const some = Array.from({ length: Math.min(ABREAST, LABS - at) }, (_, i) => makeLab(client, at + i))
    ids.push(...(await Promise.all(some)))
  }
  return ids
}

async function warmUp(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids) for (let i = 0; i < 3; i++) await hostname(client, id)
}

async function wake(client: Client, ids: readonly string[]) {
  const [first, second]: [number[], number[]] = [[], []]
  for (const id of ids) {
    first.push(await milliseconds(() => hostname(client, id)))
    second.push(await milliseconds(() => hostname(client, id)))
  }
  return { first: median(first), second: median(second) }
}

async function open(client: Client, ids: readonly string[]): Promise<number> {
  const before = residentBytes()
  for (const id of ids) await exec(client, id, 'ubuntu1', 'hostname')
  await new Promise((resolve) => setTimeout(resolve, REST))
  return (residentBytes() - before) / ids.length
}

const service = await Service.make()
try {
  await service.run(async () => undefined)
  const empty = service.bytes
  const { ids, file, stored, ...woken } = await service.run(async (client) => {
    const ids = await make(client)
    const file = (await client.bytes(200, 'GET', `/v1/labs/${ids[0]}/export`)).length
    await service.rest()
    const stored = (service.bytes - empty) / ids.length
    await warmUp(client, ids.slice(0, WARM_UP))
    return { ids, file, stored, ...(await wake(client, ids.slice(WARM_UP, WARM_UP + WAKE))) }
  }, ABREAST)
  // A service that was started again, so that its memory holds nothing of what was.
  const opened = await service.run(async (client) => {
    await warmUp(client, ids.slice(0, WARM_UP))
    return open(client, ids.slice(-OPEN))
  })
  const rows = JSON.stringify(newLab().save()).length
  const measured: AtRest = { stored, file, ...woken, opened, rows }
  console.log(JSON.stringify(measured))
} finally {
  service.remove()
}
