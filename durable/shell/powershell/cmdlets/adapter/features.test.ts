// Offloads and other features of adapters: one state, however it is looked at. Stored and put back after every line.
import { expect, test } from 'vitest'
import { begin } from '../../../../../test/engine/stored-lab.ts'

test('a feature is an advanced property of the driver, and the other way round', () => {
  const type = begin()
  expect(type('pc', '(Get-NetAdapterChecksumOffload Ethernet).TcpIPv4Enabled')).toBe('RxTxEnabled\n')
  type('pc', 'Disable-NetAdapterChecksumOffload Ethernet -TcpIPv4')
  expect(type('pc', 'Get-NetAdapterChecksumOffload Ethernet | % { $_.TcpIPv4Enabled; $_.UdpIPv4Enabled }')).toBe(
    'Disabled\nRxTxEnabled\n',
  )
  expect(type('pc', "(Get-NetAdapterAdvancedProperty Ethernet -RegistryKeyword '*TCPChecksumOffloadIPv4').DisplayValue")).toBe(
    'Disabled\n',
  )
  type('pc', "Set-NetAdapterAdvancedProperty Ethernet -RegistryKeyword '*LsoV2IPv4' -RegistryValue 0")
  expect(type('pc', '(Get-NetAdapterLso Ethernet).IPv4Enabled')).toBe('False\n')
  expect(type('pc', '(Enable-NetAdapterLso Ethernet -PassThru).IPv4Enabled')).toBe('True\n')
  type('pc', 'Set-NetAdapterRss Ethernet -Profile Closest -NumberOfReceiveQueues 4 -BaseProcessorNumber 2')
  expect(type('pc', 'Get-NetAdapterRss Ethernet | % { "$($_.Profile) $($_.NumberOfReceiveQueues) $($_.BaseProcessor)" }')).toBe(
    'Closest 4 0:2\n',
  )
  expect(
    type(
      'pc',
      'Set-NetAdapterPowerManagement Ethernet -WakeOnPattern Disabled; (Get-NetAdapterPowerManagement Ethernet).WakeOnPattern',
    ),
  ).toBe('Disabled\n')
  expect(type('pc', 'ping -n 1 192.0.2.80')).toContain('Received = 1')
})

test('what the driver does not have is told', () => {
  const type = begin()
  expect(type('pc', 'Enable-NetAdapterPowerManagement Ethernet -SelectiveSuspend')).toContain(
    "No matching keyword value found for 'SelectiveSuspend'.",
  )
  expect(type('pc', 'Enable-NetAdapterSriov Ethernet')).toContain(
    "No MSFT_NetAdapterSriovSettingData objects found with property 'Name' equal to 'Ethernet'.",
  )
  expect(type('pc', 'Get-NetAdapterVPort')).toBe('')
  expect(type('pc', 'Set-NetAdapterLso Nobody -IPv4Enabled $false')).toContain("equal to 'Nobody'")
})

test('the link is lost for a moment unless the line says not to', () => {
  const type = begin()
  const restarts = (line: string): boolean => {
    const before = type('pc', '(Get-NetAdapterStatistics Ethernet).SentBytes')
    type('pc', line)
    return type('pc', '(Get-NetAdapterStatistics Ethernet).SentBytes') !== before
  }
  expect(restarts('Disable-NetAdapterLso Ethernet -NoRestart')).toBe(false)
  expect(restarts('Enable-NetAdapterLso Ethernet')).toBe(true)
})

test('keywords of one’s own', () => {
  const type = begin()
  type(
    'pc',
    'New-NetAdapterAdvancedProperty Ethernet -RegistryKeyword MyValue -RegistryValue 3 -RegistryDataType REG_DWORD -NoRestart',
  )
  expect(type('pc', 'Get-NetAdapterAdvancedProperty Ethernet -RegistryKeyword MyValue')).toContain('No matching')
  expect(type('pc', '(Get-NetAdapterAdvancedProperty Ethernet -RegistryKeyword MyValue -AllProperties).RegistryValue')).toBe(
    '3\n',
  )
  type('pc', 'Remove-NetAdapterAdvancedProperty Ethernet -RegistryKeyword MyValue -AllProperties -NoRestart')
  expect(type('pc', 'Get-NetAdapterAdvancedProperty Ethernet -RegistryKeyword MyValue -AllProperties')).toContain('No matching')
})

test('what the engine declines is said in its words', () => {
  const type = begin()
  const said = 'Disabling the adapter of the Default Switch is real, but it is not simulated here yet.\n'
  expect(type('pc', "Disable-NetAdapter 'vEthernet (Default Switch)' -Confirm:$false")).toBe(said)
  expect(type('pc', "Restart-NetAdapter 'vEthernet (Default Switch)'")).toBe(said)
})
