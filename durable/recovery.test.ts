import { abortAllDurableObjects } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { ada, command, expectOk, type Host, newLab, rowsOf } from './test-support.ts'

type Step = (lab: Host) => Promise<unknown>
const type =
  (console: string, line: string): Step =>
  async (lab) => {
    const { job: _, ...answer } = expectOk(await lab.exec(command(console, line), ada))
    return answer
  }

/** Parked and queued commands, a restart of the computer, cables and packets: whatever must be in rows to go on. */
const script: readonly Step[] = [
  type('desk', 'ipconfig /all'),
  type('ubuntu-1', 'ping -c 2 198.51.100.9'),
  type('desk', 'ping -t 192.168.3.1'),
  type('desk', 'echo queued'),
  type('ubuntu-1', 'cd /tmp'),
  async (lab) => expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada)),
  type('ubuntu-1', 'pwd; ping -c 1 198.51.100.9'),
  async (lab) => expectOk(await lab.hand({ action: 'plug', link: 'desk-ethernet-home' }, ada)),
  async (lab) => expectOk(await lab.interrupt('desk', ada)),
  type('ubuntu-1', 'ip neigh; ping -c 1 198.51.100.9'),
  type('desk', '$x = 5; Get-VMSwitch'),
  type('desk', '$x; arp -a'),
  type('desk', 'Restart-Computer -Force'),
  type('desk', 'ipconfig'),
  type('ubuntu-1', 'ip address; ping -c 1 198.51.100.9'),
]

async function walk(between: (lab: Host) => Promise<void>) {
  const lab = await newLab(11)
  const answers: unknown[] = []
  for (const step of script) {
    await between(lab)
    answers.push(await step(lab))
  }
  return { answers, rows: comparable(rowsOf(expectOk(await lab.export()))), file: expectOk(await lab.capture({})) }
}

/** Without what differs between any two labs: the wall clock, the ids that our clients drew, and the hashes over both. */
const comparable = (rows: string[]) =>
  rows.map((row) =>
    row
      .replace(/"(wall|createdAt)":\d+/g, '')
      .replace(/"clientId":"[^"]*"/, '')
      .replace(/"(hash|chain)":"[0-9a-f]{64}"/, ''),
  )

it('an object that is evicted or aborted between any two commands is like one that never was', { timeout: 60_000 }, async () => {
  const straight = await walk(async () => {})
  const evicted = await walk((lab) => lab.evict())
  const aborted = await walk(() => abortAllDurableObjects())
  for (const other of [evicted, aborted]) {
    expect(other.answers).toEqual(straight.answers)
    expect(other.rows).toEqual(straight.rows)
    expect(other.file).toEqual(straight.file)
  }
})
