import { describe, expect, test } from 'vitest'
import { fakeConsole, fakeNames } from '../windows/fake-console.ts'

// The two investigations of the Default Switch, line by line.

const rows = (text: string) => text.split('\n').filter((line) => line.trim() !== '')

describe('what the Default Switch is', () => {
  const console = fakeConsole(fakeNames)

  test('Get-VMSwitch: an internal switch without an adapter', () => {
    expect(console.type('Get-VMSwitch')).toBe(
      '\nName           SwitchType NetAdapterInterfaceDescription\n----           ---------- ------------------------------\nDefault Switch Internal   \n\n\n',
    )
  })

  test('no WinNAT object; an ICS network with flags 11', () => {
    expect(console.type('Get-NetNat')).toBe('')
    const text = console.type('Get-HnsNetwork')
    const names = [...text.matchAll(/^(\w+) +: /gm)].map((m) => m[1])
    expect(names).toEqual([
      'ActivityId',
      'AdditionalParams',
      'CurrentEndpointCount',
      'Extensions',
      'Flags',
      'GatewayMac',
      'Health',
      'ID',
      'IPv6',
      'LayeredOn',
      'MacPools',
      'MaxConcurrentEndpoints',
      'Name',
      'NatName',
      'Policies',
      'State',
      'Subnets',
      'SwitchGuid',
      'SwitchName',
      'TotalEndpoints',
      'Type',
      'Version',
      'Resources',
    ])
    expect(text).toContain('Flags                  : 11\n')
    expect(text).toContain('Type                   : ICS\n')
    expect(text).toContain('Version                : 64424509440\n')
  })

  test('its subnet, by a nested query', () => {
    const text = console.type("(Get-HnsNetwork | ? Name -eq 'Default Switch').Subnets")
    expect(text).toContain('AddressPrefix    : 172.27.160.0/20\n')
    expect(text).toContain('GatewayAddress   : 172.27.160.1\n')
  })

  test('hosts.ics', () => {
    expect(rows(console.type('type C:\\Windows\\System32\\drivers\\etc\\hosts.ics'))[0]).toBe(
      '172.27.160.1 LABHOST.mshome.net # 2030 11 2 19 9 0 12 345',
    )
  })

  test('firewall rules and their ports', () => {
    expect(rows(console.type("Get-NetFirewallRule -DisplayName 'HNS*' | ft DisplayName,Direction,Action,Enabled"))).toHaveLength(
      4,
    )
    expect(
      console.type(
        'Get-NetFirewallRule -DisplayName \'HNS*\' | Get-NetFirewallPortFilter | % { "$($_.Protocol) $($_.LocalPort)" }',
      ),
    ).toBe('UDP 53\nTCP 53\n')
  })

  test('the switch cannot be removed', () => {
    const text = rows(console.type("Remove-VMSwitch 'Default Switch' -Force"))
    expect(text[0]).toBe('Remove-VMSwitch : Failed while removing virtual Ethernet switch.')
    expect(text[1]).toBe('The automatic Internet Connection Sharing switch cannot be modified.')
    expect(console.code).toBe(1)
  })

  test('Restart-Computer', () => {
    expect(console.type('Restart-Computer -Force')).toBe('')
    expect(console.kernel.calls.at(-1)).toBe('reboot')
  })
})

describe('looking around', () => {
  const console = fakeConsole()

  test('Get-VMNetworkAdapter -All: the host row, and {} for a guest without the key-value service', () => {
    expect(rows(console.type('Get-VMNetworkAdapter -All'))).toEqual([
      'Name                   IsManagementOs VMName SwitchName     MacAddress   Status IPAddresses',
      '----                   -------------- ------ ----------     ----------   ------ -----------',
      'Container NIC 2cf575f1 True                  Default Switch 00155D0FA03B {Ok}   {}',
      'Network Adapter        False          vm1    Default Switch 00155D033200 {Ok}   {}',
      'Network Adapter        False          win1   Default Switch 00155D033201 {Ok}   {172.27.165.77, fe80::1d0c:55ab:90e3...',
      'Network Adapter        False          spare  Default Switch 000000000000        {}',
    ])
  })

  test('no access list, nothing secured', () => {
    expect(console.type('Get-VMNetworkAdapterAcl -VMName vm1')).toBe('')
    expect(rows(console.type('Get-VMSecurity vm1')).map((line) => line.split(' ')[0])).toEqual([
      'TpmEnabled',
      'KsdEnabled',
      'Shielded',
      'EncryptStateAndVmMigrationTraffic',
      'VirtualizationBasedSecurityOptOut',
      'BindToHostTpm',
      'CimSession',
      'ComputerName',
      'IsDeleted',
    ])
  })

  test('three extensions', () => {
    const text = console.type('Get-VMSwitch "Default Switch" | Get-VMSwitchExtension')
    expect(text.match(/^Id .*$/gm)).toHaveLength(3)
    expect(text).toContain('SwitchId            : c08cb7b8-9b3c-408e-8e30-5e16a3aeb444\n')
    expect(text.match(/^Enabled +: False$/gm)).toHaveLength(3)
    expect(text.match(/^Running +: True$/gm)).toHaveLength(3)
  })

  test('Get-VM', () => {
    expect(rows(console.type('Get-VM vm1'))[2]).toBe(
      'vm1  Running 0           2048              00:14:02.1230000 Operating normally 12.0',
    )
  })

  test('hostname', () => {
    expect(console.type('hostname')).toBe('LABHOST\n')
  })
})
