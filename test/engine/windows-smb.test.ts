// A share of the computer, used by a guest over SMB 2, subject to the firewall; every message is judged by tshark.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { restoreLab } from '../../durable/engine/lab/index.ts'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { pcapng } from '../../durable/engine/lab/pcapng.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import { openRuntime, shells } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const yaml = readFileSync(new URL('../../labs/default-switch/lab.yaml', import.meta.url), 'utf8')

let base: Lab
let stored: StoredLab
beforeAll(() => {
  const opened = openRuntime(yaml, 1)
  if (!opened.ok) throw new Error(JSON.stringify(opened.faults))
  base = opened.lab as Lab
  const walk = new Walk(base)
  walk.type('pc', "Set-Content C:\\Data\\hello.txt 'hello'")
  walk.type('pc', "Set-Content C:\\Data\\more\\two.txt 'two'")
  walk.type('pc', 'net share Data=C:\\Data')
  stored = JSON.parse(JSON.stringify(base.save()))
})
const begin = (): Walk => new Walk(restoreLab(base.definition, base.seed, shells, stored))

const OPEN = "Enable-NetFirewallRule -DisplayGroup 'File and Printer Sharing'"

describe('net share', () => {
  it('shares a folder, lists it, and says what is wrong', () => {
    const walk = begin()
    expect(walk.type('pc', 'net share')).toMatch(/^\nShare name +Resource +Remark\n\n-{79}\nADMIN\$ +C:\\Windows +Remote Admin\n/)
    expect(walk.type('pc', 'net share')).toContain('Data         C:\\Data\n')
    expect(walk.type('pc', 'net share Data=C:\\Data')).toContain('The name has already been shared.')
    expect(walk.type('pc', 'net share X=C:\\Nowhere')).toContain('System error 2 has occurred.')
    expect(walk.type('pc', '(Get-SmbShare -Name Data).Path')).toBe('C:\\Data\n')
    expect(walk.type('pc', 'New-SmbShare -Name Two -Path C:\\Data\\more')).toMatch(/Two +\* +C:\\Data\\more/)
    walk.type('pc', 'Remove-SmbShare Two -Force')
    expect(walk.type('pc', 'Get-SmbShare Two')).toContain('No MSFT_SmbShare objects found')
  })
})

describe('a guest', () => {
  it('lists a folder of hundreds of files with long names whole, also when the lab is put away meanwhile', () => {
    const walk = begin()
    walk.type('pc', OPEN)
    const long = 'x'.repeat(180)
    const pc = (walk.lab as Lab).parts.machines.get('pc') as Machine
    for (let at = 0; at < 400; at++) pc.files.write(`C:\\Data\\many\\${String(at).padStart(3, '0')}${long}`, '')
    walk.type('win1', 'net use Z: \\\\LABHOST.mshome.net\\Data')
    const lab = walk.lab as Lab
    walk.lab = restoreLab(lab.definition, lab.seed, shells, JSON.parse(JSON.stringify(lab.save())))
    const listed = walk.type('win1', 'Get-ChildItem Z:\\many -Name').trimEnd().split('\n')
    expect([listed.length, new Set(listed).size, listed[399]?.slice(0, 3)]).toEqual([400, 400, '399'])
  })

  it('does not reach the share of a fresh computer, and does once the rules are enabled', () => {
    const walk = begin()
    expect(walk.type('win1', 'net use \\\\LABHOST.mshome.net\\Data')).toBe(
      'System error 53 has occurred.\n\nThe network path was not found.\n\n',
    )
    walk.type('pc', OPEN)
    expect(walk.type('win1', 'net use Z: \\\\LABHOST.mshome.net\\Data')).toBe('The command completed successfully.\n\n')
    expect(walk.type('win1', 'net use')).toContain('OK           Z:        \\\\LABHOST.mshome.net\\Data')
    expect(walk.type('win1', 'dir \\\\LABHOST.mshome.net\\Data')).toMatch(/d-----.*more\n-a----.* hello\.txt/)
    expect(walk.type('win1', 'Get-ChildItem Z: -Name')).toBe('more\nhello.txt\n')
    expect(walk.type('win1', 'dir \\\\LABHOST.mshome.net\\Data\\more -Name')).toBe('two.txt\n')
    expect(walk.type('win1', '(Get-SmbConnection).ShareName')).toBe('Data\n')
    expect(walk.type('win1', 'net use Z: /delete')).toContain('Z: was deleted successfully.')
  })

  it('reads files, by path and by drive, and copies them', () => {
    const walk = begin()
    walk.type('pc', `${OPEN}; Set-Content C:\\Data\\long.txt ('Grüße ' * 20000)`)
    const from = walk.lab.nextSighting
    expect(walk.type('win1', 'type \\\\LABHOST.mshome.net\\Data\\more\\two.txt')).toBe('two\n')
    const first = walk.lab.sightings(from).filter(({ vantage }) => walk.lab.vantages[vantage]?.machine === 'win1')
    const folder = mkdtempSync(join(tmpdir(), 'smb-'))
    try {
      const file = join(folder, 'a.pcapng')
      const packets = first.map((one) => ({
        interface: 0,
        timeMicros: one.time,
        bytes: one.bytes,
        originalLength: one.length,
        direction: one.direction,
      }))
      writeFileSync(file, pcapng([{ name: 'win1', linkType: 1 }], packets, 0))
      const said = execFileSync(
        'tshark',
        ['-r', file, '-Y', 'smb2.cmd==8', '-T', 'fields', '-e', 'smb2.nt_status', '-e', '_ws.malformed'],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      )
      expect(said.split('\n').map((line) => line.trim())).toEqual(['', '0x00000000', '', '0xc0000011', ''])
    } finally {
      rmSync(folder, { recursive: true })
    }
    walk.type('win1', 'net use Z: \\\\LABHOST.mshome.net\\Data')
    expect(walk.type('win1', '(Get-Content Z:\\long.txt -Raw).Trim().Length')).toBe('119999\n')
    walk.type(
      'win1',
      'copy Z:\\hello.txt C:\\Users\\Student\\h.txt; copy \\\\LABHOST.mshome.net\\Data\\more\\two.txt C:\\Users\\Student',
    )
    expect(walk.type('win1', 'type C:\\Users\\Student\\h.txt; type C:\\Users\\Student\\two.txt')).toBe('hello\ntwo\n')
    expect(walk.type('win1', 'type Z:\\none.txt')).toContain('Cannot find path')
    expect(walk.type('win1', 'copy C:\\Users\\Student\\h.txt Z:\\')).toContain('but only read from them here')
    walk.type('pc', 'Stop-Service LanmanServer -Force')
    expect(walk.type('win1', 'type Z:\\hello.txt')).toContain('Cannot find path')
  })

  it('net view reaches a computer or tells why not', () => {
    const walk = begin()
    expect(walk.type('win1', 'net view')).toContain('System error 6118 has occurred.')
    expect(walk.type('win1', 'net view \\\\LABHOST.mshome.net')).toContain('System error 53 has occurred.')
    walk.type('pc', OPEN)
    expect(walk.type('win1', 'net view \\\\LABHOST.mshome.net')).toContain('the computer answers, but the list of its shares')
  })

  it('is told what is wrong: the share, the account, the folder', () => {
    const walk = begin()
    walk.type('pc', OPEN)
    expect(walk.type('win1', 'net use \\\\LABHOST.mshome.net\\Nothing')).toContain(
      'System error 67 has occurred.\n\nThe network name cannot be found.',
    )
    expect(walk.type('win1', 'net use \\\\LABHOST.mshome.net\\Data /user:somebody x')).toContain(
      'System error 1326 has occurred.\n\nThe user name or password is incorrect.',
    )
    expect(walk.type('win1', 'dir \\\\LABHOST.mshome.net\\Data\\none')).toContain('Cannot find path')
    walk.type('pc', 'Stop-Service LanmanServer -Force')
    expect(walk.type('win1', 'net use \\\\LABHOST.mshome.net\\Data')).toContain('System error 53')
    walk.type('pc', 'Start-Service LanmanServer')
    expect(walk.type('win1', 'net use \\\\LABHOST.mshome.net\\Data')).toContain('The command completed successfully.')
  })

  it('is heard as SMB 2 by tshark, which finds nothing malformed', () => {
    const walk = begin()
    walk.type('pc', OPEN)
    const from = walk.lab.nextSighting
    walk.type('win1', 'dir \\\\LABHOST.mshome.net\\Data')
    const folder = mkdtempSync(join(tmpdir(), 'smb-'))
    try {
      const file = join(folder, 'a.pcapng')
      const seen = walk.lab.sightings(from).filter(({ vantage }) => walk.lab.vantages[vantage]?.machine === 'win1')
      const capture = pcapng(
        walk.lab.vantages.map(({ machine, adapter }) => ({ name: `${machine}/${adapter}`, linkType: 1 })),
        seen.map((one) => ({
          interface: one.vantage,
          timeMicros: one.time,
          bytes: one.bytes,
          originalLength: one.length,
          direction: one.direction,
          comment: '',
        })),
        0,
      )
      writeFileSync(file, capture)
      const told = execFileSync(
        'tshark',
        ['-r', file, '-Y', 'smb2', '-T', 'fields', '-e', 'smb2.cmd', '-e', 'smb2.nt_status', '-e', '_ws.malformed'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      )
      const rows = told
        .trim()
        .split('\n')
        .map((row) => row.split('\t'))
      expect(rows.map(([command]) => command)).toEqual([
        '0',
        '0',
        '1',
        '1',
        '1',
        '1',
        '3',
        '3',
        '5',
        '5',
        '14',
        '14',
        '14',
        '14',
        '6',
        '6',
        '4',
        '4',
      ])
      expect(rows.every(([, , malformed]) => (malformed ?? '') === '')).toBe(true)
      const names = execFileSync('tshark', ['-r', file, '-Y', 'smb2.cmd==14', '-T', 'fields', '-e', 'smb2.filename'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      expect(names + readFileSync(file, 'latin1')).toContain('h\0e\0l\0l\0o\0.\0t\0x\0t')
      const share = execFileSync('tshark', ['-r', file, '-Y', 'smb2.cmd==3', '-T', 'fields', '-e', 'smb2.tree'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      expect(share).toContain('\\\\LABHOST.mshome.net\\Data')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('stored in the middle', () => {
  it('after every tenth event: the same frames and texts', () => {
    const play = (every: boolean): [string, number] => {
      const walk = begin()
      walk.type('pc', OPEN)
      if (every) walk.lab = restoreLab(base.definition, base.seed, shells, JSON.parse(JSON.stringify((walk.lab as Lab).save())))
      return [walk.type('win1', 'dir \\\\LABHOST.mshome.net\\Data'), walk.lab.nextSighting]
    }
    expect(play(true)).toEqual(play(false))
  })
})
