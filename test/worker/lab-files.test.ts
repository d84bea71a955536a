import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { ada, command, expectOk, host } from '../../durable/test-support.ts'

// Labs that were exported by earlier versions, test/fixtures/*.export: each change of a format adds one. They must open for
// ever, with what is recorded of them, and go on.

const { LAB_FILES } = env as unknown as { LAB_FILES: Record<string, string> }

/** In the first one somebody had gone back once. */
const BRANCHES: { readonly [name: string]: number } = { 'lab-v1.export': 1, 'lab-v2.export': 0 }

for (const [name, base64] of Object.entries(LAB_FILES)) {
  it(`${name} opens, tells what is recorded of it, and goes on`, async () => {
    const file = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    const lab = host()
    expect(expectOk(await lab.create({ from: 'export', file }))).toMatchObject({ title: 'Two rooms', seed: 7 })
    await lab.evict()
    const { lines, branch, snapshots } = expectOk(await lab.history({ after: 0, limit: 100 }))
    expect(branch).toBe(BRANCHES[name])
    expect(snapshots.map((one) => one.name)).toContain('here')
    const running = lines.find(({ line, current }) => current && line === 'ping -t 192.168.3.1')
    const pinging = expectOk(await lab.job(String(running?.id)))
    expect(pinging.status).toBe('running')
    expect(pinging.output).toContain('Reply from 192.168.3.1')
    expect(expectOk(await lab.packets({ after: -1, limit: 500 })).packets.length).toBeGreaterThan(20)

    const { same, engine, difference } = expectOk(await lab.replay())
    // Promised bit for bit within one version of the engine.
    if (engine.recorded === engine.now) expect(difference).toBeNull()
    expect(same).toBe(difference === null)

    expect(expectOk(await lab.exec(command('ubuntu-1', 'ping -c 2 198.51.100.9', 'after-import-1'), ada)).output).toContain(
      '2 received',
    )
    expectOk(await lab.interrupt('desk', ada))
    expect(expectOk(await lab.exec(command('desk', '$x', 'after-import-2'), ada)).output).toBe('1\n')
    const here = snapshots.find((one) => one.name === 'here')?.line ?? 0
    expectOk(await lab.rewind({ line: here }, ada))
    expect(expectOk(await lab.exec(command('desk', '$x', 'after-import-3'), ada)).output).toBe('1\n')
  })
}

// v1: of before TCP and external switches; v2: with switches, machines, rules, a proxy and jobs that people made.
it('there are two', () => expect(Object.keys(LAB_FILES).sort()).toEqual(['lab-v1.export', 'lab-v2.export']))
