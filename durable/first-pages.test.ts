import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { readExport } from './export.ts'
import { Packets } from './packets.ts'
import type { PacketRow } from './protocol.ts'
import { readAgain } from './read-again.ts'
import { ada, expectOk, type Host, host, newLab, roomsOf } from './test-support.ts'

const LIMIT = 20

/** All pages as a page of the console reads them; without the shelf they are read anew. */
const pagesOf = (lab: Host, shelf: boolean): Promise<PacketRow[]> =>
  runInDurableObject(lab.stub, (instance) => {
    const { keeper } = roomsOf(instance)
    keeper.open()
    const { frames } = keeper
    const packets = new Packets(
      shelf
        ? frames
        : { after: (n) => frames.after(n), oldest: () => frames.oldest(), revision: 0, firstBlocks: () => undefined },
    )
    const all: PacketRow[] = []
    for (let after = -1; ; ) {
      const page = packets.page({ after, limit: LIMIT })
      all.push(...page.packets)
      if (page.packets.length === 0) return all
      after = page.next
    }
  })

it('labs of one state are shown the same packets, and then their own', async () => {
  const first = await newLab()
  expectOk(await first.exec({ console: 'desk', line: 'ping -n 1 192.168.3.1', clientId: 'first-line-1' }, ada))
  const file = expectOk(await first.export())
  const [one, two] = [host(), host()]
  for (const lab of [one, two]) expectOk(await lab.create({ from: 'export', file }))
  const wanted = await pagesOf(first, false)
  expect(wanted.length).toBeGreaterThan(2 * LIMIT)
  for (const lab of [first, one, two, one]) expect(await pagesOf(lab, true)).toEqual(wanted)
  for (const [lab, line] of [
    [one, 'curl http://192.0.2.80/'],
    [two, 'ping -n 2 192.168.3.1'],
  ] as const) {
    expectOk(await lab.exec({ console: 'desk', line, clientId: 'second-line-1' }, ada))
    const own = await pagesOf(lab, false)
    expect(own.length).toBeGreaterThan(wanted.length)
    for (const _ of [1, 2]) expect(await pagesOf(lab, true)).toEqual(own)
  }
  expect(await pagesOf(first, true)).toEqual(wanted)
})

it('a file that is read again gives the same, and a state of its own', async () => {
  const file = expectOk(await (await newLab(9)).export())
  const [wanted, first, again] = [readExport(file), readAgain(file), readAgain(file.slice())]
  if (typeof wanted === 'string' || typeof first === 'string' || typeof again === 'string') throw new Error('not read')
  expect(first).toEqual(wanted)
  expect(again).toEqual(wanted)
  expect(again.stored.parts[0]).not.toBe(first.stored.parts[0])
  const damaged = file.slice()
  damaged[damaged.length >> 1]++
  expect(typeof readAgain(damaged)).toBe('string')
})
