import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { readAttachment, writeAttachment } from './attachment.ts'
import { MOST_BYTES } from './budgets.ts'
import { UNACKNOWLEDGED } from './flow.ts'
import type { ServerMessage } from './protocol.ts'
import { MOST_SOCKETS } from './sessions.ts'
import { ada, bob, Client, command, expectOk, type Host, newLab } from './test-support.ts'

const size = (messages: readonly ServerMessage[]) => messages.reduce((sum, one) => sum + JSON.stringify(one).length, 0)
const DAY = 86_400_000_000

/** Thousands of packets at once. */
const much = async (lab: Host) => expectOk(await lab.advance({ by: 6 * DAY }, bob))

describe('a socket that does not acknowledge', () => {
  it('is sent no more than its budget, is told what it missed, and finds it in the capture', async () => {
    const lab = await newLab()
    const { next } = expectOk(await lab.packets({ after: -1, limit: 500 }))
    const [stalled, quick] = [await Client.join(lab, ada, next), await Client.join(lab, bob, next)]
    await much(lab)
    const sent = await stalled.settle()
    expect(size(sent)).toBeLessThan(UNACKNOWLEDGED)
    const batches = sent.filter(({ type }) => type === 'packets')
    expect(batches.length).toBeGreaterThan(0)
    // The other one takes what comes, and is neither slowed nor skipped.
    let seen = next
    const newest = (await lastPacket(lab)).sequence
    while (seen < newest) {
      const { packets } = await quick.next('packets')
      expect(packets[0].sequence).toBe(seen + 1)
      seen = packets.at(-1)?.sequence ?? seen
      quick.send({ type: 'credit', batches: 1 })
    }
    expect(quick.received.some(({ type }) => type === 'skipped')).toBe(false)

    const had = batches.flatMap((one) => (one.type === 'packets' ? one.packets : [])).at(-1)?.sequence ?? 0
    // As if that had taken it long.
    await runInDurableObject(lab.stub, (_, ctx) => {
      for (const socket of ctx.getWebSockets()) {
        const its = readAttachment(socket)
        if (its && its.stalledAt > 0) writeAttachment(socket, { ...its, stalledAt: its.stalledAt - 10_000 })
      }
    })
    stalled.send({ type: 'credit', batches: batches.length })
    const skipped = await stalled.next('skipped')
    expect(skipped.from).toBe(had + 1)
    expect(skipped.to).toBeLessThan(newest)
    expect((await stalled.next('packets')).packets[0].sequence).toBe(skipped.to + 1)
    const page = expectOk(await lab.packets({ after: skipped.from - 1, limit: 1 }))
    expect(page.packets[0].sequence).toBe(skipped.from)
    stalled.send({ type: 'packets', after: skipped.from - 1 })
    expect((await stalled.next('packets')).packets[0].sequence).toBe(skipped.from)
  })

  it('misses what is printed too, and gets the terminals whole when it has caught up', async () => {
    const lab = await newLab()
    const [stalled, quick] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    const first = (await stalled.settle()).filter(({ type }) => type === 'packets').length
    await quick.settle()
    const long = `echo ${'x'.repeat(4_000)}`
    for (let i = 0; i < 90; i++) expectOk(await lab.exec(command('desk', `${long}${i}`), bob))
    const sent = await stalled.settle()
    expect(size(sent)).toBeLessThan(UNACKNOWLEDGED)
    expect(sent.filter(({ type }) => type === 'output').length).toBeLessThan(90)
    stalled.send({ type: 'credit', batches: first + sent.filter(({ type }) => type === 'packets').length })
    const { consoles } = await stalled.next('welcome')
    expect(consoles.find((one) => one.console === 'desk')?.scrollback).toContain('x89')
    expectOk(await lab.exec(command('desk', 'echo afterwards'), bob))
    await stalled.next('output', ({ text }) => text.includes('afterwards'))
  })

  it('keeps its place through the sleep of the object', async () => {
    const lab = await newLab()
    const stalled = await Client.join(lab, ada)
    await much(lab)
    const before = size(await stalled.settle())
    await lab.evict()
    await much(lab)
    expect(before + size(await stalled.settle())).toBeLessThan(UNACKNOWLEDGED + 4_096)
  })
})

describe('budgets are named where they end something', () => {
  it('of sockets', async () => {
    const lab = await newLab()
    for (let i = 0; i < MOST_SOCKETS; i++) await Client.connect(lab, ada)
    await expect(Client.connect(lab, ada)).rejects.toThrow(`429 Too many people are at this lab: its budget is ${MOST_SOCKETS}`)
  })

  it('of bytes at rest', async () => {
    const lab = await newLab()
    await runInDurableObject(lab.stub, (_, { storage: { sql } }) => {
      sql.exec('CREATE TABLE ballast (bytes BLOB)')
      for (let bytes = 0; bytes < MOST_BYTES; bytes += 1 << 20) sql.exec('INSERT INTO ballast VALUES (zeroblob(1048576))')
    })
    const full = { ok: false, status: 409, code: 'lab-full', message: expect.stringContaining('budget of 64 MiB') }
    expect(await lab.exec(command('desk', 'ipconfig'), ada)).toMatchObject(full)
    expect(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada)).toMatchObject(full)
    expect(await lab.advance({ by: DAY }, ada)).toMatchObject(full)
    expect(expectOk(await lab.journal({ after: 0, limit: 5 }))).toEqual([])
    expectOk(await lab.topology())
    await runInDurableObject(lab.stub, (_, { storage: { sql } }) => sql.exec('DROP TABLE ballast').toArray())
  })

  it('of packets and events of a command, and of what it prints', async () => {
    const lab = await newLab()
    expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada))
    expectOk(await lab.hand({ action: 'plug', link: 'desk-ethernet-home' }, ada))
    const flood = expectOk(await lab.exec(command('ubuntu-1', 'ping -i 0.002 -c 1000000 192.168.3.1'), ada))
    expect(flood.output).toMatch(/ran over its budget of (100000 packets|2000000 events)/)
    expect(expectOk(await lab.exec(command('ubuntu-1', 'hostname'), ada))).toMatchObject({ status: 'done', exitStatus: 0 })
  })
})

describe('filters', () => {
  it('choose packets of the list, and say where they are wrong', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ping -n 1 192.168.3.1'), ada))
    const all = expectOk(await lab.packets({ after: -1, limit: 500 })).packets
    const some = expectOk(await lab.packets({ after: -1, limit: 500, filter: 'icmp' })).packets
    expect(some.length).toBeGreaterThan(0)
    expect(some).toEqual(all.filter(({ protocol }) => protocol === 'ICMP'))
    const bad = await lab.packets({ after: -1, limit: 500, filter: 'icmp && ip.sorce == 1.2.3.4' })
    expect(bad).toMatchObject({ ok: false, status: 400, field: 'filter', message: expect.stringContaining('character 9') })
  })
})

async function lastPacket(lab: Host) {
  let page = expectOk(await lab.packets({ after: -1, limit: 500 }))
  for (let last = page; ; last = page) {
    page = expectOk(await lab.packets({ after: last.next, limit: 500 }))
    if (page.packets.length === 0) return last.packets.at(-1) ?? { sequence: -1 }
  }
}
