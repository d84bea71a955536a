// NetBIOS names (fact sheet 3.6, 4.4): nbtstat, and the frames behind it, judged by tshark.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pcapng } from '../../durable/engine/lab/pcapng.ts'
import { firstLab, walkFirstLab } from './first-lab.ts'

const OPEN = "Enable-NetFirewallRule -DisplayGroup 'File and Printer Sharing'"

describe('nbtstat', () => {
  it('shows the own names of each adapter', () => {
    const { type } = firstLab()
    expect(type('pc', 'nbtstat -n')).toContain(
      [
        'Ethernet:',
        'Node IpAddress: [192.168.3.50] Scope Id: []',
        '',
        '                NetBIOS Local Name Table',
        '',
        '       Name               Type         Status',
        '    ---------------------------------------------',
        '    LABHOST        <20>  UNIQUE      Registered ',
        '    LABHOST        <00>  UNIQUE      Registered ',
        '    WORKGROUP      <00>  GROUP       Registered ',
        '',
      ].join('\n'),
    )
    expect(type('pc', 'nbtstat -n')).toMatch(/Wi-Fi:\nNode IpAddress: \[0\.0\.0\.0\] Scope Id: \[\]\n\n {4}No names in cache\n/)
    expect(type('pc', 'nbtstat')).toContain('NBTSTAT [ [-a RemoteName]')
    expect(type('pc', 'netstat -ano | findstr :137')).toMatch(/UDP {4}192\.168\.3\.50:137 +\*:\* +4\n/)
  })

  it('asks another computer, which answers when its firewall lets it, and remembers its address', () => {
    const { type } = firstLab(true)
    expect(type('pc', 'nbtstat -a win1')).toMatch(/vEthernet \(Default Switch\):\n.*\n\n {4}Host not found\.\n/)
    type('win1', OPEN)
    const said = type('pc', 'nbtstat -a win1')
    expect(said).toMatch(
      /vEthernet \(Default Switch\):\n.*\n\n {11}NetBIOS Remote Machine Name Table\n[\s\S]* {4}WIN1 {11}<20> {2}UNIQUE {6}Registered \n[\s\S]* {4}MAC Address = 00-15-5D-03-32-02\n/,
    )
    expect(said).toMatch(/Ethernet:\n.*\n\n {4}Host not found\.\n/)
    const cache = type('pc', 'nbtstat -c')
    expect(cache).toMatch(/ {4}WIN1 {11}<20> {2}UNIQUE {10}1[79]\d\.[\d.]+ +\d{3}\n/)
    const address = /UNIQUE +([\d.]+)/.exec(cache)?.[1]
    expect(type('pc', `nbtstat -A ${address}`)).toContain('MAC Address = 00-15-5D-03-32-02')
    type('pc', 'nbtstat -R')
    expect(type('pc', 'nbtstat -c')).not.toContain('WIN1')
    expect(type('pc', 'nbtstat -A 192.168.3.1')).not.toContain('MAC Address')
  })

  it('sends what tshark reads as NetBIOS names, and nothing malformed', () => {
    const walk = walkFirstLab()
    walk.type('win1', OPEN)
    const from = walk.lab.nextSighting
    walk.type('pc', 'nbtstat -a win1')
    const seen = walk.lab.sightings(from).filter(({ vantage }) => walk.lab.vantages[vantage]?.machine === 'win1')
    const folder = mkdtempSync(join(tmpdir(), 'netbios-'))
    try {
      const path = join(folder, 'a.pcapng')
      const packets = seen.map((one) => ({
        interface: 0,
        timeMicros: one.time,
        bytes: one.bytes,
        originalLength: one.length,
        direction: one.direction,
      }))
      writeFileSync(path, pcapng([{ name: 'win1', linkType: 1 }], packets, 0))
      const fields = ['-T', 'fields', '-e', '_ws.col.Info', '-e', '_ws.malformed']
      const said = execFileSync('tshark', ['-r', path, '-Y', 'nbns', ...fields], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const lines = said.split('\n').filter((line) => line !== '')
      expect(lines.map((line) => line.trim())).toEqual([
        'Name query NB WIN1<20>',
        expect.stringMatching(/^Name query response NB 1[79]\d\.[\d.]+$/),
        'Name query NBSTAT *<00><00><00><00><00><00><00><00><00><00><00><00><00><00><00>',
        'Name query response NBSTAT',
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
