// What was found out about the Default Switch from outside (docs/seed-coverage.md, 1.2), where no other test shows it.
import { describe, expect, it } from 'vitest'
import { isIp4, octets, port, SeedLab } from './seed-lab.ts'

const properties = (text: string): string[] => [...text.matchAll(/^(\w+) +: /gm)].map(([, name]) => name)

describe('what the Host Networking Service says', () => {
  it('has all properties of a network, in this order', () => {
    const said = new SeedLab().type('pc', 'Get-HnsNetwork')
    expect(properties(said)).toEqual(
      (
        'ActivityId AdditionalParams CurrentEndpointCount Extensions Flags GatewayMac Health ID IPv6 LayeredOn MacPools ' +
        'MaxConcurrentEndpoints Name NatName Policies State Subnets SwitchGuid SwitchName TotalEndpoints Type Version Resources'
      ).split(' '),
    )
    expect(said).toMatch(/^Flags +: 11$[\s\S]*^IPv6 +: False$[\s\S]*^State +: 1$[\s\S]*^Type +: ICS$/m)
  })

  it('is of version 47244640267 on an older build', () => {
    const lab = new SeedLab('look-around')
    expect(lab.type('laptop', '(Get-HnsNetwork).Version')).toBe('47244640267\n')
    expect(lab.type('laptop', '(Get-HnsNetwork).Extensions | % { "$($_.Name) $($_.IsEnabled)" }')).toBe(
      'Microsoft Windows Filtering Platform False\nMicrosoft Azure VFP Switch Extension False\nMicrosoft NDIS Capture True\n',
    )
  })

  it('has a pool of 4096 MAC addresses, in which the computer’s is', () => {
    const lab = new SeedLab()
    const [first, last] = lab
      .type('pc', '(Get-HnsNetwork).MacPools | % { $_.StartMacAddress; $_.EndMacAddress }')
      .trim()
      .split('\n')
      .map((text) => Number.parseInt(text.replaceAll('-', ''), 16))
    const own = Number.parseInt(
      lab.type('pc', "(Get-NetAdapter 'vEthernet (Default Switch)').MacAddress").replaceAll('-', ''),
      16,
    )
    expect(last - first + 1).toBe(4096)
    expect(own).toBeGreaterThanOrEqual(first)
    expect(own).toBeLessThanOrEqual(last)
  })

  it('has all properties of a subnet, in this order', () => {
    const said = new SeedLab().type('pc', '(Get-HnsNetwork).Subnets')
    expect(properties(said)).toEqual(
      'AdditionalParams AddressPrefix Flags GatewayAddress Health ID IpSubnets ObjectType Policies State'.split(' '),
    )
    expect(said).toMatch(/Flags=3;[\s\S]*ObjectType=6;[\s\S]*^ObjectType +: 5$/m)
  })
})

describe('what is not there', () => {
  it('is a NAT of WinNAT, the server’s roles and a TCP port', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'Get-NetNat')).toBe('')
    for (const cmdlet of ['Get-DhcpServerv4Scope', 'Get-DnsServerZone'])
      expect(lab.type('pc', cmdlet)).toContain(`The term '${cmdlet}' is not recognized`)
    expect(lab.type('pc', 'netstat -an')).not.toMatch(/TCP +\S+:53 /)
  })
})

describe('the owner of UDP port 53', () => {
  it('stands below its row; the row above belongs to another one', () => {
    const rows = new SeedLab().type('pc', 'netstat -anb').split('\n')
    const at = rows.findIndex((row) => row.startsWith('  UDP    0.0.0.0:53 '))
    expect(rows.slice(at - 1, at + 3).map((row) => row.trim().split(/\s+/).slice(0, 2).join(' '))).toEqual([
      '[jhi_service.exe]',
      'UDP 0.0.0.0:53',
      'SharedAccess',
      '[svchost.exe]',
    ])
  })
})

describe('questions for names', () => {
  it('are heard on all addresses, and let in on that of the Default Switch only', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'netstat -an')).toMatch(/UDP {4}0\.0\.0\.0:53 /)
    expect(lab.type('desk', 'dig +tries=1 +time=1 www.example.com @192.168.3.50')).toContain('no servers could be reached')
    const dropped = lab.passed().filter(({ verdict }) => verdict === 'firewall')
    expect(dropped.map(({ at, bytes }) => `${at} ${octets(bytes, 30)}:${port(bytes, 36)}`)).toContain(
      'pc/Ethernet in 192.168.3.50:53',
    )
    const gateway = /via (\S+)/.exec(lab.type('ubuntu1', 'ip route'))?.[1]
    expect(lab.type('ubuntu1', `dig +short -t A www.example.com @${gateway}`)).toBe('192.0.2.80\n')
  })

  it('go on by the servers that the computer has at that moment', () => {
    const lab = new SeedLab()
    const asked = () =>
      lab
        .passed()
        .filter(({ at, bytes }) => /^pc\/(Ethernet|Wi-Fi) out$/.test(at) && isIp4(bytes, 17) && port(bytes, 36) === 53)
        .map(({ bytes }) => octets(bytes, 30))
    const gateway = /via (\S+)/.exec(lab.type('ubuntu1', 'ip route'))?.[1]
    lab.type('ubuntu1', `dig -t A www.example.org @${gateway}`)
    expect(asked()).not.toContain('10.20.30.1')
    lab.type('pc', 'netsh wlan connect name="Cafe"')
    lab.walk.step({ kind: 'unplug', line: 0, link: 'pc-cable' })
    lab.type('ubuntu1', `dig -t A www.example.co.jp @${gateway}`)
    expect(asked()).toContain('10.20.30.1')
  })
})

describe('rules of the firewall', () => {
  it('for names are two more after each restart, the one for DHCP stays single, and old ones can be removed', () => {
    const lab = new SeedLab()
    const count = (filter: string) => Number(lab.type('pc', `@(Get-NetFirewallRule -DisplayName '${filter}').Count`))
    const dns = () => count('HNS*DNS*')
    const before = dns()
    const dhcp = count('*ICS*DHCP*') + count('*DHCP-Server*')
    lab.type('pc', 'Restart-Computer -Force')
    expect(dns()).toBe(before + 2)
    expect(count('*ICS*DHCP*') + count('*DHCP-Server*')).toBe(dhcp)
    const gateway = lab.type('pc', '(Get-HnsNetwork).Subnets.GatewayAddress').trim()
    lab.type(
      'pc',
      `Get-NetFirewallRule -DisplayName 'HNS*DNS*' | ? { ($_ | Get-NetFirewallAddressFilter).LocalAddress -ne '${gateway}' } | Remove-NetFirewallRule`,
    )
    expect(dns()).toBe(2)
    lab.type('ubuntu1', 'sudo networkctl renew eth0')
    expect(lab.type('ubuntu1', `dig +short -t A www.example.com @${gateway}`)).toBe('192.0.2.80\n')
  })
})
