// A PowerShell line that asks: it is parked, other consoles go on, the next line is the answer, and it survives being put away.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'

const parsed = parseDefinition(readFileSync('labs/default-switch/lab.yaml', 'utf8'))
if (!parsed.ok) throw new Error('the first lab does not parse')
const open = () => new Lab(parsed.definition, 1, shells)

describe('a question at the console', () => {
  it('waits for the answer, and does what it says', () => {
    const lab = open()
    lab.exec('pc', 'New-VMSwitch Lab -SwitchType Internal', 1)
    const asked = lab.exec('pc', 'Remove-VMSwitch Lab', 2)
    expect(asked.status).toBe('running')
    expect(asked.output).toContain('[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help (default is "Y"): ')
    expect(lab.exec('ubuntu1', 'ping -c 1 192.168.3.1', 3).output).toContain('1 received')
    lab.exec('pc', 'n', 4)
    expect(lab.console('pc')?.busy).toBe(false)
    expect(lab.exec('pc', 'Get-VMSwitch Lab | % Name', 5).output).toBe('Lab\n')
    lab.exec('pc', 'Remove-VMSwitch Lab', 6)
    lab.exec('pc', '', 7)
    expect(lab.exec('pc', 'Get-VMSwitch Lab', 8).output).toContain('unable to find a virtual switch with name "Lab"')
  })

  it('Ctrl-C is no', () => {
    const lab = open()
    lab.exec('pc', 'New-VMSwitch Lab -SwitchType Internal', 1)
    lab.exec('pc', 'Remove-VMSwitch Lab', 2)
    lab.interrupt('pc')
    expect(lab.exec('pc', 'Get-VMSwitch Lab | % Name', 3).output).toBe('Lab\n')
  })

  it('survives being put away while it waits', () => {
    const before = open()
    before.exec('pc', 'New-VMSwitch A -SwitchType Internal; New-VMSwitch B -SwitchType Internal', 1)
    before.exec('pc', 'Remove-VMSwitch A, B', 2)
    before.exec('pc', 'n', 3)
    const lab = new Lab(parsed.definition, 1, shells, JSON.parse(JSON.stringify(before.save())))
    expect(lab.console('pc')?.busy).toBe(true)
    lab.exec('pc', 'y', 4)
    expect(lab.exec('pc', 'Get-VMSwitch A | % Name; Get-VMSwitch B', 5).output).toMatch(
      /^A\n[\s\S]*unable to find a virtual switch with name "B"/,
    )
  })

  it('asks for what is missing, line by line', () => {
    const lab = open()
    expect(lab.exec('pc', 'Read-Host Name', 1).output).toBe('Name: ')
    const answered = lab.exec('pc', 'me', 2)
    expect([answered.output, ...lab.takeOutput().map(({ text }) => text)].join('')).toContain('me\n')
  })
})
