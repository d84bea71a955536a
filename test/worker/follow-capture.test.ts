import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { clockState } from '../../durable/protocol.ts'
import type { Env } from '../../worker/env.ts'
import { newKey, newOrganisation, problemOf, service } from './service.ts'

// Time and the live capture by HTTP, with the real lab host behind.

const { asker } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })
let ask: ReturnType<typeof asker>
let at: (path: string) => string

beforeAll(async () => {
  ask = asker(await newKey(await newOrganisation(), ['labs:read', 'labs:write']))
  const { id } = (await (await ask('POST', '/v1/labs', { definition: yaml, seed: 5 })).json()) as { id: string }
  at = (path) => `/v1/labs/${id}${path}`
})

const exec = (clientId: string) => ask('POST', at('/exec'), { console: 'desk', line: 'ping -n 1 192.168.3.1', clientId })

/** The types of the blocks of a file; it throws when they do not fit into one another. */
function blocks(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const types: number[] = []
  for (let from = 0; from < file.length; ) {
    const length = view.getUint32(from + 4, true)
    if (length % 4 !== 0 || view.getUint32(from + length - 4, true) !== length) throw new Error(`a bad block at ${from}`)
    types.push(view.getUint32(from, true))
    from += length
  }
  return types
}
const [SECTION, INTERFACE, PACKET] = [0x0a0d0d0a, 1, 6]
const joined = (chunks: readonly Uint8Array[]) => new Uint8Array(chunks.flatMap((chunk) => [...chunk]))

it('a live capture begins with what there is and goes on with what comes', async () => {
  const answer = await ask('GET', at('/capture.pcapng?follow=1'))
  expect(answer.headers.get('content-type')).toBe('application/x-pcapng')
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  const more = async () => void chunks.push((await reader.read()).value as Uint8Array)
  await more()
  const whole = new Uint8Array(await (await ask('GET', at('/capture.pcapng'))).arrayBuffer())
  const packets = (file: Uint8Array) => blocks(file).filter((type) => type === PACKET).length
  expect(packets(joined(chunks))).toBe(packets(whole))
  await exec('while-following-1')
  await more()
  await exec('while-following-2')
  await more()
  const types = blocks(joined(chunks))
  expect(types[0]).toBe(SECTION)
  expect(types.filter((type) => type === SECTION)).toHaveLength(1)
  expect(types.filter((type) => type === INTERFACE).length).toBeGreaterThan(3)
  const now = new Uint8Array(await (await ask('GET', at('/capture.pcapng'))).arrayBuffer())
  expect(packets(joined(chunks))).toBe(packets(now))
  await reader.cancel()
})

it('a live capture ends after the time that was asked for', async () => {
  const answer = await ask('GET', at('/capture.pcapng?follow=1&seconds=1'))
  expect(blocks(new Uint8Array(await answer.arrayBuffer())).length).toBeGreaterThan(3)
  const bad = await problemOf(await ask('GET', at('/capture.pcapng?follow=1&from=5')))
  expect(bad).toMatchObject({ status: 400, field: 'follow' })
})

it('time is moved and set, and what makes no sense is refused', async () => {
  const clock = clockState.parse(await (await ask('GET', at('/clock'))).json())
  const moved = (await (await ask('POST', at('/advance'), { by: 1_000_000 })).json()) as { endedAt: number }
  expect(moved.endedAt).toBeGreaterThanOrEqual(clock.now + 1_000_000)
  const live = clockState.parse(await (await ask('PATCH', at('/clock'), { mode: 'live', speed: 10 })).json())
  expect(live).toMatchObject({ mode: 'live', speed: 10, running: true })
  for (const bad of [{ by: -1 }, { by: 1e18 }, { by: 0.5 }, { to: 'doomsday' }, { step: 'back' }, {}]) {
    expect(await problemOf(await ask('POST', at('/advance'), bad))).toMatchObject({ status: 400 })
  }
  for (const bad of [{ speed: 0 }, { speed: 1e6 }, { mode: 'past' }]) {
    expect(await problemOf(await ask('PATCH', at('/clock'), bad))).toMatchObject({ status: 400 })
  }
})

it('the list of packets takes a display filter, and says where one is wrong', async () => {
  const some = (await (await ask('GET', at('/packets?filter=icmp'))).json()) as { packets: { protocol: string }[] }
  expect(new Set(some.packets.map(({ protocol }) => protocol))).toEqual(new Set(['ICMP']))
  const bad = await problemOf(await ask('GET', at(`/packets?filter=${encodeURIComponent('icmp &&')}`)))
  expect(bad).toMatchObject({ status: 400, code: 'bad-filter', field: 'filter', detail: expect.stringContaining('character') })
})
