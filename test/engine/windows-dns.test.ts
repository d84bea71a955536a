// The DNS client of Windows: policy, suffixes, the link, the cache (fact sheet 2.6, 4.4).
import { describe, expect, it } from 'vitest'
import type { Walk } from '../../durable/walk/walk.ts'
import { walkFirstLab as home } from './first-lab.ts'

/** UDP packets that the computer sent to port 53 since then: their destinations. */
function asked(walk: Walk, from: number): string[] {
  const found: string[] = []
  for (const { vantage, direction, bytes } of walk.lab.sightings(from)) {
    const at = walk.lab.vantages[vantage]
    if (at?.machine !== 'pc' || direction !== 'out' || bytes[12] !== 8 || bytes[13] !== 0 || bytes[23] !== 17) continue
    if (((bytes[36] as number) << 8) + (bytes[37] as number) === 53) found.push([...bytes.slice(30, 34)].join('.'))
  }
  return found
}

describe('names of guests from the computer', () => {
  it('are known under mshome.net and under local', () => {
    const walk = home()
    expect(walk.type('pc', 'ping -n 1 ubuntu1.mshome.net')).toContain('Reply from')
    expect(walk.type('pc', 'ping -n 1 -4 ubuntu1.local')).toContain('Reply from')
  })
})

describe('the name resolution policy table', () => {
  it('sends names under a namespace to other servers, others as before; removed, all as before', () => {
    const walk = home()
    walk.type('pc', 'Add-DnsClientNrptRule -Namespace .example.com -NameServers 198.51.100.53')
    const rule = walk.type('pc', 'Get-DnsClientNrptRule')
    expect(rule).toMatch(/Namespace +: \{\.example\.com\}/)
    let from = walk.lab.nextSighting
    expect(walk.type('pc', 'Resolve-DnsName www.example.com -Type A')).toContain('www.example.com')
    expect(new Set(asked(walk, from))).toEqual(new Set(['198.51.100.53']))
    from = walk.lab.nextSighting
    walk.type('pc', 'Resolve-DnsName www.example.co.jp -Type A')
    expect(asked(walk, from)).not.toContain('198.51.100.53')
    walk.type('pc', 'Get-DnsClientNrptRule | Remove-DnsClientNrptRule -Force')
    walk.type('pc', 'Clear-DnsClientCache')
    from = walk.lab.nextSighting
    walk.type('pc', 'Resolve-DnsName www.example.com -Type A')
    expect(asked(walk, from)).not.toContain('198.51.100.53')
  })
})

describe('suffixes', () => {
  it('of the search list are tried for names of one label, those of the connection without such a list', () => {
    const walk = home()
    expect(walk.type('pc', 'ping -n 1 www')).toContain('could not find host www')
    walk.type('pc', 'Set-DnsClientGlobalSetting -SuffixSearchList example.com')
    expect(walk.type('pc', '(Get-DnsClientGlobalSetting).SuffixSearchList')).toBe('example.com\n')
    expect(walk.type('pc', 'ping -n 1 www')).toContain('Pinging www.example.com [')
    walk.type('pc', "Set-DnsClientGlobalSetting -SuffixSearchList @('')")
    walk.type('pc', 'Set-DnsClient -InterfaceAlias Ethernet -ConnectionSpecificSuffix example.com')
    expect(walk.type('pc', 'ping -n 1 www')).toContain('Pinging www.example.com [')
    walk.type('pc', 'Set-DnsClient -InterfaceAlias Ethernet -ResetConnectionSpecificSuffix')
    walk.type('pc', 'ipconfig /flushdns')
    expect(walk.type('pc', 'ping -n 1 www')).toContain('could not find host www')
  })
})

describe('Resolve-DnsName -LlmnrOnly', () => {
  it('asks the link and no server', () => {
    const walk = home()
    walk.type('win1', 'Set-NetFirewallProfile -All -Enabled False')
    const from = walk.lab.nextSighting
    expect(walk.type('pc', 'Resolve-DnsName WIN1 -LlmnrOnly -Type A')).toMatch(/\nWIN1(\.local)? +A /i)
    expect(asked(walk, from)).toEqual([])
  })
})
