// The NetAdapter module at the computer of the first lab (fact sheet 2.4).
import { describe, expect, it } from 'vitest'
import { walkFirstLab as home } from './first-lab.ts'

describe('Rename-NetAdapter', () => {
  it('gives another alias everywhere, and the lease goes on', () => {
    const walk = home()
    expect(walk.type('pc', 'Rename-NetAdapter -Name Ethernet -NewName LAN')).toBe('')
    expect(walk.type('pc', 'ipconfig')).toContain('Ethernet adapter LAN:')
    expect(walk.type('pc', '(Get-NetIPAddress -InterfaceAlias LAN -AddressFamily IPv4).IPAddress')).toBe('192.168.3.50\n')
    expect(walk.type('pc', 'Get-NetAdapter Ethernet')).toContain(
      "No MSFT_NetAdapter objects found with property 'Name' equal to 'Ethernet'.  Verify the value of the property and retry.",
    )
    expect(walk.type('pc', 'ipconfig /renew')).toContain('192.168.3.50')
    expect(walk.type('pc', 'Rename-NetAdapter LAN -NewName Wi-Fi')).toContain('Windows System Error 183,Rename-NetAdapter')
  })
})

describe('Restart-NetAdapter', () => {
  it('loses the link and comes back with the same address', () => {
    const walk = home()
    const before = walk.lab.nextSighting
    expect(walk.type('pc', 'Restart-NetAdapter -Name Ethernet')).toBe('')
    expect(walk.lab.nextSighting).toBeGreaterThan(before)
    expect(walk.type('pc', 'ping -n 1 192.168.3.1')).toContain('Reply from 192.168.3.1')
  })
})

describe('Set-NetAdapter -MacAddress', () => {
  it('is what the frames carry from then on', () => {
    const walk = home()
    walk.type('pc', 'Set-NetAdapter -Name Ethernet -MacAddress 02-11-22-33-44-55 -Confirm:$false')
    expect(walk.type('pc', '(Get-NetAdapter Ethernet).MacAddress')).toBe('02-11-22-33-44-55\n')
    const before = walk.lab.nextSighting
    walk.type('pc', 'ping -n 1 192.168.3.1')
    const sent = walk.lab.sightings(before).filter(({ vantage, direction }) => {
      const at = walk.lab.vantages[vantage]
      return at?.machine === 'pc' && at.adapter === 'Ethernet' && direction === 'out'
    })
    expect(sent.length).toBeGreaterThan(0)
    for (const { bytes } of sent) expect([...bytes.slice(6, 12)]).toEqual([0x02, 0x11, 0x22, 0x33, 0x44, 0x55])
    expect(walk.type('pc', 'Set-NetAdapter -Name Ethernet -MacAddress 01-11-22-33-44-55 -Confirm:$false')).toContain(
      'Windows System Error 87',
    )
  })
})

describe('Get-NetAdapterStatistics', () => {
  it('counts what passes', () => {
    const walk = home()
    const sent = () => Number(walk.type('pc', '(Get-NetAdapterStatistics -Name Ethernet).SentUnicastPackets'))
    const before = sent()
    walk.type('pc', 'ping -n 3 192.168.3.1')
    expect(sent() - before).toBeGreaterThanOrEqual(3)
    expect(walk.type('pc', 'Get-NetAdapterStatistics -Name Ethernet')).toMatch(
      /^\nName +ReceivedBytes ReceivedUnicastPackets +SentBytes SentUnicastPackets *\n/,
    )
  })
})

describe('Get-NetAdapterAdvancedProperty', () => {
  it('shows, sets and resets; what would change the wire says so', () => {
    const walk = home()
    expect(walk.type('pc', "(Get-NetAdapterAdvancedProperty -Name Ethernet -DisplayName 'Jumbo Packet').DisplayValue")).toBe(
      'Disabled\n',
    )
    walk.type('pc', "Set-NetAdapterAdvancedProperty -Name Ethernet -DisplayName 'Flow Control' -DisplayValue Disabled")
    const shown = "(Get-NetAdapterAdvancedProperty -Name Ethernet -RegistryKeyword '*FlowControl').RegistryValue"
    expect(walk.type('pc', shown)).toBe('0\n')
    walk.type('pc', "Reset-NetAdapterAdvancedProperty -Name Ethernet -DisplayName 'Flow Control'")
    expect(walk.type('pc', shown)).toBe('3\n')
    expect(walk.type('pc', "Set-NetAdapterAdvancedProperty -Name Ethernet -DisplayName 'VLAN ID' -DisplayValue 50")).toContain(
      'is real, but it is not simulated here yet.',
    )
  })
})
