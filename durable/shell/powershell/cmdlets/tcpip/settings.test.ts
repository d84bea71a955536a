// What TCP/IP and the DNS client are told of themselves: kept, shown, and heeded where it says so. Stored and put back after every line.
import { describe, expect, test } from 'vitest'
import { begin } from '../../../../../test/engine/stored-lab.ts'

describe('settings', () => {
  test('the hop limit is that of the packets', () => {
    const type = begin()
    expect(type('pc', 'Set-NetIPv4Protocol -DefaultHopLimit 1')).toBe('')
    expect(type('pc', 'ping -n 1 192.0.2.80')).toContain('TTL expired in transit')
    type('pc', 'Set-NetIPv4Protocol -DefaultHopLimit 64; Restart-Computer -Force')
    expect(type('pc', '(Get-NetIPv4Protocol).DefaultHopLimit')).toBe('64\n')
    expect(type('pc', 'ping -n 1 192.0.2.80')).toContain('Received = 1')
    expect(type('pc', 'Set-NetIPv4Protocol -DefaultHopLimit 0')).toContain('The parameter is incorrect.')
  })

  test('ports that the computer chooses are of the range', () => {
    const type = begin()
    type('pc', 'Set-NetTCPSetting -SettingName Internet -DynamicPortRangeStartPort 60000 -DynamicPortRangeNumberOfPorts 300')
    expect(type('pc', 'netsh int ipv4 show dynamicport tcp')).toMatch(/Start Port\s+: 60000\nNumber of Ports : 300/)
    expect(type('pc', '(Get-NetTCPSetting Internet).DynamicPortRangeNumberOfPorts')).toBe('300\n')
    expect(type('pc', 'Set-NetUDPSetting -DynamicPortRangeStartPort 80')).toContain('The parameter is incorrect.')
  })

  test('what no frame heeds says so', () => {
    const type = begin()
    expect(type('pc', 'Set-NetTCPSetting InternetCustom -InitialRtoMs 2000')).toBe(
      'WARNING: Kept and shown, but without effect on any frame here: InitialRtoMs.\n',
    )
    expect(type('pc', '(Get-NetTCPSetting -InitialRtoMs 2000).SettingName')).toBe('InternetCustom\n')
    expect(type('pc', 'Set-NetTCPSetting InternetCustom -InitialRtoMs 20')).toContain('The parameter is incorrect.')
    type('pc', 'New-NetTransportFilter -SettingName InternetCustom -DestinationPrefix 10.0.0.0/8')
    expect(type('pc', '(Get-NetTCPSetting InternetCustom | Get-NetTransportFilter).DestinationPrefix')).toBe('10.0.0.0/8\n')
    type('pc', 'Get-NetTransportFilter | Remove-NetTransportFilter')
    expect(type('pc', '@(Get-NetTransportFilter).Count')).toBe('1\n')
  })

  test('an address that is skipped is no source unless it is named', () => {
    const type = begin()
    const sources = () => type('pc', '(Find-NetRoute -RemoteIPAddress 172.20.0.9)[0].IPAddress')
    type('pc', 'New-VMSwitch -Name s -SwitchType Internal | Out-Null')
    const on = "-InterfaceAlias 'vEthernet (s)'"
    type('pc', `New-NetIPAddress ${on} -IPAddress 172.20.0.1 -PrefixLength 16 -SkipAsSource $true`)
    type('pc', `New-NetIPAddress ${on} -IPAddress 172.20.0.2 -PrefixLength 16`)
    expect(sources()).toBe('172.20.0.2\n')
    expect(type('pc', '(Get-NetIPAddress -SkipAsSource $true).IPAddress')).toBe('172.20.0.1\n')
    type('pc', 'Set-NetIPAddress 172.20.0.1 -SkipAsSource $false')
    expect(sources()).toBe('172.20.0.1\n')
  })
})

describe('looking', () => {
  test('which way a packet would go', () => {
    const type = begin()
    expect(type('pc', 'Test-NetConnection 192.0.2.80 -DiagnoseRouting')).toContain(
      'SelectedNetRoute          : DestinationPrefix: 0.0.0.0/0\n                            NextHop: 192.168.3.1\n',
    )
    expect(type('pc', 'Test-NetConnection 192.0.2.80 -DiagnoseRouting -ConstrainInterface 99 -InformationLevel Quiet')).toContain(
      'False\n',
    )
  })

  test('objects lead to each other', () => {
    const type = begin()
    expect(type('pc', '(Get-NetAdapter Ethernet | Get-NetIPInterface -AddressFamily IPv4 | Get-NetIPAddress).IPAddress')).toBe(
      '192.168.3.50\n',
    )
    expect(type('pc', '@(Get-NetRoute -DestinationPrefix 0.0.0.0/0 | Get-NetIPInterface).Count')).toBe('1\n')
    expect(type('pc', 'Get-NetIPConfiguration Ethernet -Detailed')).toMatch(/NetIPv4Interface\.DHCP +: Enabled\n/)
  })
})

describe('the DNS client', () => {
  test('knows servers of DNS over HTTPS, and says that it does not ask them so', () => {
    const type = begin()
    expect(type('pc', '@(Get-DnsClientDohServerAddress).Count')).toBe('12\n')
    expect(
      type('pc', 'Add-DnsClientDohServerAddress 192.0.2.53 -DohTemplate https://dns.example/q -AutoUpgrade $true | Out-Null'),
    ).toBe('WARNING: DNS over HTTPS is kept and shown, but queries here go on over UDP and TCP.\n')
    type(
      'pc',
      'Set-DnsClientDohServerAddress 8.8.8.8 -DohTemplate https://dns.example/g; Remove-DnsClientDohServerAddress 9.9.9.9',
    )
    expect(type('pc', '(Get-DnsClientDohServerAddress 8.8.8.8).DohTemplate; @(Get-DnsClientDohServerAddress).Count')).toBe(
      'https://dns.example/g\n12\n',
    )
    expect(type('pc', 'Add-DnsClientDohServerAddress nobody -DohTemplate https://dns.example/q')).toContain(
      'The parameter is incorrect.',
    )
  })

  test('a policy about DNSSEC is kept and says that nobody heeds it', () => {
    const type = begin()
    expect(type('pc', 'Add-DnsClientNrptRule -Namespace .lab.example -DnsSecEnable -DnsSecValidationRequired')).toBe(
      'WARNING: Kept and shown, but without effect on any frame here: DnsSecEnable, DnsSecValidationRequired.\n',
    )
    expect(type('pc', '(Get-DnsClientNrptRule).DnsSecEnabled')).toBe('True\n')
    expect(type('pc', '(Set-DnsClientNrptGlobal -QueryPolicy QueryBoth -PassThru).QueryPolicy')).toContain('QueryBoth\n')
    expect(type('pc', 'Add-DnsClientNrptRule -Namespace .lab.example -GpoName corp')).toContain('not simulated here yet')
  })

  test('servers are set on the interfaces of whatever object is piped', () => {
    const type = begin()
    type('pc', 'Get-DnsClient -InterfaceAlias Ethernet | Set-DnsClientServerAddress -ServerAddresses 192.0.2.1')
    expect(type('pc', '(Get-DnsClientServerAddress Ethernet -AddressFamily IPv4).ServerAddresses')).toBe('192.0.2.1\n')
    type('pc', 'Set-DnsClientServerAddress -InputObject (Get-DnsClientServerAddress Ethernet) -ResetServerAddresses')
    expect(type('pc', '(Get-DnsClientServerAddress Ethernet -AddressFamily IPv4).ServerAddresses')).toBe('192.168.3.1\n')
  })
})
