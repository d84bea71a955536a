// What a lab commits after each command: with every part that says it changed, the rows are the lab as it is.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseDefinition } from '../../definition/parse.ts'
import { scriptShells } from '../test-support/script-shell.ts'
import { Lab } from './lab.ts'
import type { StoredLab } from './lab-api.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { definition } = parsed

const ping = (host: string, count: number | null) =>
  `ping ${JSON.stringify({ host, count, size: 32, timeoutMs: 1000, intervalMs: 1000, dialect: 'linux' })}`
const STEPS: readonly (readonly [console: string, line: string])[] = [
  ['ubuntu1', `look; ${ping('www.example.com', 3)}; count`],
  ['desk', ping('192.168.3.1', null)],
  ['desk', 'count'],
  ['pc', 'resolve {"name":"www.example.org","type":"A"}'],
  ['pc', 'vpn {"action":"connect","name":"Campus VPN"}'],
  ['ubuntu2', 'sleep 400000000'],
  ['pc', 'vpn {"action":"disconnect","name":"Campus VPN"}'],
  ['win1', 'dhcp {"action":"release","interface":6,"timeoutMs":3000}'],
  ['pc', 'reboot'],
  ['win1', 'dhcp {"action":"renew","interface":6,"timeoutMs":9000}'],
]

class Rows {
  readonly rows = new Map<string, string>()
  commit(lab: Lab): void {
    const { changed, removed } = lab.takeChanges()
    for (const name of removed) this.rows.delete(name)
    for (const { name, data } of changed) this.rows.set(name, data)
  }
}

const whole = (stored: StoredLab) => new Map(stored.parts.map(({ name, data }) => [name, data]))

it('the rows that changed, command by command, are the rows of the whole lab', () => {
  const lab = new Lab(definition, 3, scriptShells)
  const rows = new Rows()
  rows.commit(lab)
  expect(rows.rows).toEqual(whole(lab.save()))
  STEPS.forEach(([console, line], at) => {
    lab.exec(console, line, at + 1)
    rows.commit(lab)
    const now = whole(lab.save())
    const stale = [...now].filter(([name, data]) => rows.rows.get(name) !== data).map(([name]) => `${line}: ${name}`)
    expect(stale).toEqual([])
    expect([...rows.rows.keys()].sort()).toEqual([...now.keys()].sort())
  })
})

it('a lab that was just restored has nothing to commit, and a second look at a settled lab neither', () => {
  const lab = new Lab(definition, 3, scriptShells)
  for (const [at, [console, line]] of STEPS.entries()) lab.exec(console, line, at + 1)
  lab.takeChanges()
  expect(lab.takeChanges()).toMatchObject({ changed: [], removed: [] })
  const again = new Lab(definition, 3, scriptShells, JSON.parse(JSON.stringify(lab.save())))
  const { changed, removed } = again.takeChanges()
  expect([changed.map(({ name }) => name), removed]).toEqual([[], []])
})

it('pages of what a running line was told are rows of their own, and are gone with the line', () => {
  const lab = new Lab(definition, 3, scriptShells)
  lab.exec('desk', `${'look; '.repeat(300)}${ping('192.168.3.1', null)}`, 1)
  const rows = new Rows()
  rows.commit(lab)
  const pages = () => [...rows.rows.keys()].filter((name) => name.startsWith('desk/console-log/1/'))
  expect(pages().length).toBeGreaterThan(2)
  const again = new Lab(definition, 3, scriptShells, JSON.parse(JSON.stringify(lab.save())))
  expect(again.takeChanges()).toMatchObject({ changed: [], removed: [] })
  expect(again.console('desk')?.busy).toBe(true)
  again.interrupt('desk')
  rows.commit(again)
  expect(pages()).toEqual([])
  expect(rows.rows).toEqual(whole(again.save()))
})

it('a line of an older engine that cannot be put back says once that the lab was restarted', () => {
  const lab = new Lab(definition, 3, scriptShells)
  lab.exec('desk', ping('192.168.3.1', null), 1)
  const { clock, parts } = lab.save()
  const old = parts.map((part) => {
    if (part.name !== 'desk/console/1') return part
    const state = JSON.parse(part.data) as { running: object }
    return { ...part, data: JSON.stringify({ ...state, running: { ...state.running, log: null } }) }
  })
  const first = new Lab(definition, 3, scriptShells, { clock, parts: old })
  const said = first.takeOutput().map(({ text }) => text)
  expect(said.join('')).toBe('interrupted: lab restarted\n')
  const rows = new Rows()
  for (const { name, data } of old) rows.rows.set(name, data)
  rows.commit(first)
  expect(rows.rows).toEqual(whole(first.save()))
  const second = new Lab(definition, 3, scriptShells, JSON.parse(JSON.stringify(first.save())))
  expect(second.takeOutput()).toEqual([])
  expect(second.console('desk')?.busy).toBe(false)
})
