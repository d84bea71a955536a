import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { parseScript, rename } from '../durable/walk/script.ts'

it('reads commands, hands and the comments right above them', () => {
  const { steps, faults } = parseScript(
    '# about the file\n\n# one\npc> Get-VM | ft > x  \n@ unplug pc-cable\ndesk:2> ls\n\n# last',
  )
  expect(faults).toEqual([])
  expect(steps).toEqual([
    { kind: 'say', line: 3, text: '# one' },
    { kind: 'type', line: 4, console: 'pc', text: 'Get-VM | ft > x' },
    { kind: 'unplug', line: 5, link: 'pc-cable' },
    { kind: 'type', line: 6, console: 'desk:2', text: 'ls' },
  ])
})

it('names the line of what it cannot read', () => {
  const { steps, faults } = parseScript('pc> dir\nPC> dir\n@ break pc-cable\n@ plug\n')
  expect(steps).toHaveLength(1)
  expect(faults.map(({ line }) => line)).toEqual([2, 3, 4])
})

it('renames whole words only', () => {
  const names = new Map([
    ['pc', 'box'],
    ['ubuntu1', 'alpha'],
  ])
  expect(rename('pc/Ethernet, pc-cable, upc, ubuntu1.mshome.net, ubuntu12', names)).toBe(
    'box/Ethernet, pc-cable, upc, alpha.mshome.net, ubuntu12',
  )
})

const lab = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', './scripts/text-hook.mjs', 'scripts/lab.ts', ...args],
    {
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

it('says that a lab is fine, or where it is wrong', () => {
  expect(lab('--validate', 'labs/default-switch')).toMatchObject({ status: 0, stderr: '' })
  const wrong = lab('--validate', 'labs/index.ts')
  expect(wrong.status).toBe(1)
  expect(wrong.stderr).toMatch(/^labs\/index\.ts: line 1: /)
})

it('refuses options that make no sense', () => {
  for (const args of [[], ['a', 'b'], ['labs/default-switch', '--seed', 'x'], ['labs/default-switch', '--nonsense']])
    expect(lab(...args).status).toBe(2)
})
