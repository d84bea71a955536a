import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { causes, execAnswer, explanation, queryAnswer } from '../../durable/protocol.ts'
import type { Env } from '../../worker/env.ts'
import { newKey, newOrganisation, problemOf, service } from './service.ts'

const { asker } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })
let ask: ReturnType<typeof asker>
let foreign: ReturnType<typeof asker>
let id: string
const at = (path: string) => `/v1/labs/${id}${path}`
let commands = 0
const exec = async (console: string, line: string) =>
  execAnswer.parse(await (await ask('POST', at('/exec'), { console, line, clientId: `explained-${++commands}` })).json())

beforeAll(async () => {
  ask = asker(await newKey(await newOrganisation(), ['labs:read', 'labs:write']))
  foreign = asker(await newKey(await newOrganisation(), ['labs:read']))
  const made = await ask('POST', '/v1/labs', { catalogue: 'default-switch', seed: 1 })
  id = ((await made.json()) as { id: string }).id
})

it('why: the packet of a healthy ping is followed to its answer', async () => {
  const { packets, job } = await exec('ubuntu1', 'ping -c 1 192.168.3.1')
  const last = packets.at(-1) as number
  const told = explanation.parse(await (await ask('GET', at(`/packets/${last}/why`))).json())
  expect(told.packet).toBe(last)
  expect(told.sentences.map(({ text }) => text).join(' ')).toContain('ping -c 1 192.168.3.1')
  const nothing = causes.parse(await (await ask('GET', at(`/jobs/${job}/why`))).json())
  expect(nothing).toMatchObject({ healthy: true, causes: [] })
})

it('why nothing: an unplugged cable is named', async () => {
  await ask('POST', at('/hand'), { action: 'unplug', link: 'pc-cable' })
  const { job, exitStatus } = await exec('ubuntu1', 'ping -c 1 192.168.3.1')
  expect(exitStatus).not.toBe(0)
  const told = causes.parse(await (await ask('GET', at(`/jobs/${job}/why`))).json())
  expect(told.healthy).toBe(false)
  expect(told.causes[0]).toMatchObject({ kind: 'cable-unplugged', machine: 'pc' })
  await ask('POST', at('/hand'), { action: 'plug', link: 'pc-cable' })
})

it('why of what is not kept, of no command, and of somebody else’s lab: 404', async () => {
  for (const path of ['/packets/999999/why', '/jobs/999999/why']) {
    expect(await problemOf(await ask('GET', at(path)))).toMatchObject({ status: 404 })
    expect(await problemOf(await foreign('GET', at(path)))).toMatchObject({ status: 404 })
  }
})

it('a question about history is answered in words, with what shows it', async () => {
  const asked = async (query: string) => queryAnswer.parse(await (await ask('POST', at('/query'), { query })).json())
  expect(await asked('packet(dhcp.option.dhcp == 5) at ubuntu1 before command("ping*") on ubuntu1')).toMatchObject({
    holds: true,
  })
  expect((await asked('never packet(icmp) at desk')).holds).toBe(true)
  expect(await asked('change("pc-cable", "plugged") to "false" before change("pc-cable", "plugged") to "true"')).toMatchObject({
    holds: true,
  })
  const wrong = await problemOf(await ask('POST', at('/query'), { query: 'packet(dhcp.nosuch == 1)' }))
  expect(wrong).toMatchObject({ status: 400, field: 'query' })
})
