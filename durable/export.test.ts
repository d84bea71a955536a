import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { ada, command, expectOk, type Host, host, newLab, rowsOf } from './test-support.ts'

async function used(): Promise<Host> {
  const lab = await newLab()
  for (const line of ['echo one', 'ping -n 2 192.168.3.1', 'ping -t 192.168.3.1'])
    expectOk(await lab.exec(command('desk', line), ada))
  return lab
}

const file = (rows: readonly string[]) => new Uint8Array(gzipSync(new TextEncoder().encode(rows.join('\n'))))

it('brings a lab over in one file, and it goes on there as it would have here', async () => {
  const lab = await used()
  const exported = expectOk(await lab.export())
  const copy = host()
  const summary = expectOk(await copy.create({ from: 'export', file: exported }))
  expect(summary).toEqual(expectOk(await lab.summary()))
  await copy.evict()
  expect(rowsOf(expectOk(await copy.export()))).toEqual(rowsOf(exported))
  expect(expectOk(await copy.capture({}))).toEqual(expectOk(await lab.capture({})))
  expect(expectOk(await copy.interrupt('desk', ada))).toEqual(expectOk(await lab.interrupt('desk', ada)))
  const request = command('ubuntu-1', 'ping -c 1 192.168.3.1')
  expect(expectOk(await copy.exec(request, ada))).toEqual(expectOk(await lab.exec(request, ada)))
})

it('refuses what is no such file, says why, and creates nothing', async () => {
  const rows = rowsOf(expectOk(await (await used()).export()))
  const change = (row: string, from: string | RegExp, to: string) =>
    rows.map((one) => (one.includes(`"row":"${row}"`) ? one.replace(from, to) : one))
  const bad: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(), /not a lab/],
    [new TextEncoder().encode('hello'), /not a lab/],
    [file([]), /version/],
    [file(['{"format":"switchroom-lab","version":99}']), /version/],
    [file(rows.slice(0, 1)), /no lab/],
    [file([...rows, 'nonsense']), /Line \d+/],
    [file(change('part', '"kind"', '"kinds"')), /Line 3/],
    [file(change('frames', /"bytes":"..../, '"bytes":"AAAA')), /packets cannot be read/],
    [file(change('journal', /"id":\d+/, '"id":1')), /twice|order/],
    [file(change('lab', 'os: windows-11', 'os: windows-12')), /machines.desk.os/],
  ]
  for (const [bytes, why] of bad) {
    const lab = host()
    const answer = await lab.create({ from: 'export', file: bytes })
    expect(answer).toMatchObject({ ok: false, status: 422 })
    expect((answer as { message: string }).message).toMatch(why)
    expect(await lab.summary()).toMatchObject({ ok: false, status: 404 })
  }
})

it('begins anew on reset and keeps the journal', async () => {
  const fresh = await newLab()
  const lab = await used()
  const before = expectOk(await lab.journal({ after: 0, limit: 100 }))
  expectOk(await lab.reset(ada))
  await lab.evict()
  expect(expectOk(await lab.topology())).toEqual(expectOk(await fresh.topology()))
  expect(expectOk(await lab.capture({}))).toEqual(expectOk(await fresh.capture({})))
  const after = expectOk(await lab.journal({ after: 0, limit: 100 }))
  expect(after.map(({ line }) => line)).toEqual([...before.map(({ line }) => line), 'reset'])
  expect(expectOk(await lab.job('3')).status).toBe('done')
  const next = expectOk(await lab.exec(command('desk', 'echo again'), ada))
  expect(Number(next.job)).toBe(after.length + 1)
})
