// class-opens.ts STUDENTS SECONDS [LAB [VARIANTS]]: so many signed-in students open one assignment, at moments spread over so many
// seconds; each wants their lab's greeting over its socket. With a variant each (`each`), when those of the class are proved and the
// further ones are still being solved; `each-at-once`: right after it was published. In a process of its own, because the service writes its log to the standard output.
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { LocalServer } from '../../scripts/local-server.ts'
import type { ClassOpens } from '../class-opens.ts'
import type { Client } from '../client.ts'
import { Service } from '../local-service.ts'

const [STUDENTS = 200, SECONDS = 10] = process.argv.slice(2, 4).map(Number)
const [CATALOGUE = 'default-switch', VARIANTS = 'same'] = process.argv.slice(4)
/** Signed in at the same time, before anything is measured. */
const ABREAST = 10
const LONGEST = 60_000

type Opened = { readonly answered: number; readonly greeted: number; readonly lab: string }

/** The cookie that a sign-in link gives. */
async function signIn(url: string, path: string): Promise<string> {
  const answer = await fetch(`${url}${path}`, { redirect: 'manual' })
  const cookie = /switchroom_session=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0]
  if (cookie === undefined) throw new Error(`signing in: ${answer.status} ${await answer.text()}`)
  return cookie
}

/** One student: the assignment's button, and the lab page up to the lab's greeting. */
async function open(url: string, assignment: string, cookie: string): Promise<Opened> {
  const headers = { cookie, origin: url }
  const begun = performance.now()
  const answer = await fetch(`${url}/v1/assignments/${assignment}/open`, { method: 'POST', headers })
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  const { labId } = (await answer.json()) as { labId: string }
  const answered = performance.now() - begun
  await new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/labs/${labId}/socket`, 'lab.v1', { headers })
    const timer = globalThis.setTimeout(() => reject(new Error('the lab does not greet')), LONGEST)
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', packetsAfter: -1, visible: true })))
    socket.on('message', (data) => {
      if ((JSON.parse(String(data)) as { type: string }).type !== 'welcome') return
      clearTimeout(timer)
      resolve()
      // It stays open, as the page of a student does.
    })
    socket.on('error', reject)
  })
  return { answered, greeted: performance.now() - begun, lab: labId }
}

const at = (sorted: readonly number[], part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)]

async function measure(client: Client, { url }: LocalServer): Promise<ClassOpens> {
  const course = await client.want<{ id: string }>(201, 'POST', '/v1/courses', { title: 'A large class' })
  const names = Array.from({ length: STUDENTS + 1 }, (_, i) => `Student ${i}`)
  const roster = { csv: `name\n${names.join('\n')}` }
  const { links } = await client.want<{ links: { path: string }[] }>(200, 'POST', `/v1/courses/${course.id}/roster`, roster)
  const wish = { catalogue: CATALOGUE, variants: VARIANTS === 'same' ? 'same' : 'each' }
  const { id } = await client.want<{ id: string }>(201, 'POST', `/v1/courses/${course.id}/assignments`, wish)
  const cookies: string[] = []
  for (let from = 0; from < links.length; from += ABREAST)
    cookies.push(...(await Promise.all(links.slice(from, from + ABREAST).map(({ path }) => signIn(url, path)))))
  const [first = '', ...others] = cookies
  await client.want(200, 'POST', `/v1/assignments/${id}/publish`)
  type Proof = { proof: { tried: number } | null }
  const solved = async () => (await client.want<Proof>(200, 'GET', `/v1/assignments/${id}/variants`)).proof?.tried ?? 0
  while (VARIANTS === 'each' && (await solved()) < names.length) await setTimeout(1_000)
  const alone = (await open(url, id, first)).greeted

  const spread = (SECONDS * 1000) / others.length
  const students = others.map(async (cookie, i) => {
    await setTimeout(i * spread)
    return open(url, id, cookie).catch((error: Error) => {
      console.error(error.message)
      return null
    })
  })
  const all = await Promise.all(students)
  const opened = all.filter((one) => one !== null)
  const greeted = opened.map((one) => one.greeted).sort((a, b) => a - b)
  const answered = opened.map((one) => one.answered).sort((a, b) => a - b)
  return {
    p50: at(greeted, 0.5),
    p95: at(greeted, 0.95),
    most: at(greeted, 1),
    answered50: at(answered, 0.5),
    answered95: at(answered, 0.95),
    errors: all.length - opened.length,
    alone,
    labs: new Set(opened.map(({ lab }) => lab)).size,
  }
}

const service = await Service.make()
try {
  console.log(JSON.stringify(await service.run(measure, 4)))
  process.exitCode = 0
} finally {
  service.remove()
}
process.exit()
