// The NetTCPIP module at the computer of the first lab (fact sheet 2.5, 4.2, 4.3).
import { describe, expect, it } from 'vitest'
import { walkFirstLab as home } from './first-lab.ts'

describe('Find-NetRoute', () => {
  it('answers the address that a packet would carry, then the route, and the packet does just so', () => {
    const walk = home()
    const said = walk.type('pc', 'Find-NetRoute -RemoteIPAddress 198.51.100.53')
    expect(said).toMatch(/^\n+IPAddress +: 192\.168\.3\.50\n/)
    expect(said).toMatch(/ 0\.0\.0\.0\/0\s/)
    expect(said).toMatch(/ 192\.168\.3\.1\s/)
    expect(walk.type('pc', '(Find-NetRoute -RemoteIPAddress 192.168.3.1)[1].NextHop')).toBe('0.0.0.0\n')
    expect(walk.type('pc', 'Find-NetRoute -RemoteIPAddress nowhere')).toContain('Windows System Error 87,Find-NetRoute')
  })
})

describe('routes', () => {
  it('are persistent by New-NetRoute and by -p, active only otherwise, and after a restart only the first are there', () => {
    const walk = home()
    walk.type('pc', 'New-NetRoute -DestinationPrefix 10.1.0.0/16 -InterfaceAlias Ethernet -NextHop 192.168.3.1 | Out-Null')
    walk.type(
      'pc',
      'New-NetRoute -DestinationPrefix 10.2.0.0/16 -InterfaceAlias Ethernet -NextHop 192.168.3.1 -PolicyStore ActiveStore | Out-Null',
    )
    expect(walk.type('pc', 'route add 10.3.0.0 MASK 255.255.0.0 192.168.3.1')).toBe(' OK!\n')
    expect(walk.type('pc', 'route -p add 10.4.0.0 MASK 255.255.0.0 192.168.3.1')).toBe(' OK!\n')
    const kept = 'Get-NetRoute -PolicyStore PersistentStore -AddressFamily IPv4 | % DestinationPrefix | Sort-Object'
    expect(walk.type('pc', kept)).toBe('10.1.0.0/16\n10.4.0.0/16\n')
    walk.type('pc', 'Set-NetRoute -DestinationPrefix 10.1.0.0/16 -RouteMetric 7')
    expect(walk.type('pc', '(Get-NetRoute -DestinationPrefix 10.1.0.0/16).RouteMetric')).toBe('7\n')
    walk.type('pc', 'Restart-Computer -Force')
    expect(walk.type('pc', "Get-NetRoute -DestinationPrefix '10.*' | % DestinationPrefix | Sort-Object")).toBe(
      '10.1.0.0/16\n10.4.0.0/16\n',
    )
    expect(walk.type('pc', 'route delete 10.9.0.0')).toBe('The route deletion failed: Element not found.\n\n')
  })
})

describe('Set-NetIPInterface', () => {
  it('metrics decide which of two ways is taken, and the automatic one comes back', () => {
    const walk = home()
    expect(walk.type('pc', 'netsh wlan connect name=HomeNet')).toContain('completed successfully')
    const best = () => walk.type('pc', '(Find-NetRoute -RemoteIPAddress 198.51.100.53)[1].InterfaceAlias').trim()
    expect(best()).toBe('Ethernet')
    walk.type('pc', 'Set-NetIPInterface -InterfaceAlias Wi-Fi -AddressFamily IPv4 -InterfaceMetric 5')
    expect(best()).toBe('Wi-Fi')
    expect(walk.type('pc', '(Get-NetIPInterface -InterfaceAlias Wi-Fi -AddressFamily IPv4).AutomaticMetric')).toBe('Disabled\n')
    walk.type('pc', 'Set-NetIPInterface -InterfaceAlias Wi-Fi -AddressFamily IPv4 -AutomaticMetric Enabled')
    expect(best()).toBe('Ethernet')
    expect(walk.type('pc', '(Get-NetIPInterface -InterfaceAlias Wi-Fi -AddressFamily IPv4).InterfaceMetric')).toBe('35\n')
  })

  it('the MTU cuts what is sent', () => {
    const walk = home()
    walk.type('pc', 'Set-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4 -NlMtuBytes 1000')
    expect(walk.type('pc', 'ping -n 1 -f -l 1200 192.168.3.1')).toContain('Packet needs to be fragmented but DF set.')
    expect(walk.type('pc', 'ping -n 1 -l 1200 192.168.3.1')).toContain('Reply from 192.168.3.1: bytes=1200')
  })

  it('the strong host model keeps the address of another interface from being reached, the weak one does not', () => {
    const walk = home()
    walk.type('pc', 'Set-NetFirewallProfile -All -Enabled False')
    walk.type('pc', "New-NetIPAddress -InterfaceAlias 'Wi-Fi' -IPAddress 10.77.0.1 -PrefixLength 24 | Out-Null")
    walk.type('pc', 'netsh wlan connect name=HomeNet')
    walk.type('desk', 'sudo ip route add 10.77.0.0/24 via 192.168.3.50')
    expect(walk.type('desk', 'ping -c 1 -W 1 10.77.0.1')).toContain('100% packet loss')
    walk.type('pc', 'Set-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4 -WeakHostReceive Enabled')
    walk.type('pc', "Set-NetIPInterface -InterfaceAlias 'Wi-Fi' -AddressFamily IPv4 -WeakHostSend Enabled")
    expect(walk.type('desk', 'ping -c 1 -W 1 10.77.0.1')).toContain(' 0% packet loss')
  })
})

describe('errors', () => {
  it('are those of the real cmdlets', () => {
    const walk = home()
    expect(walk.type('pc', 'New-NetIPAddress -IPAddress 192.168.3.50 -PrefixLength 24 -InterfaceAlias Ethernet')).toMatch(
      /New-NetIPAddress : The object already exists\.[\s\S]*FullyQualifiedErrorId : Windows System Error 5010,New-NetIPAddress/,
    )
    expect(walk.type('pc', 'Get-NetIPAddress -InterfaceAlias X')).toContain(
      "No matching MSFT_NetIPAddress objects found by CIM query for instances of the ROOT/StandardCimv2/MSFT_NetIPAddress class on the  CIM server: SELECT * FROM MSFT_NetIPAddress  WHERE ((InterfaceAlias LIKE 'X')). Verify query parameters and retry.",
    )
  })
})

describe('Set-NetNeighbor', () => {
  it('another link address is where frames go', () => {
    const walk = home()
    walk.type(
      'pc',
      'New-NetNeighbor -InterfaceAlias Ethernet -IPAddress 192.168.3.9 -LinkLayerAddress 02-00-00-00-00-09 | Out-Null',
    )
    walk.type('pc', 'Set-NetNeighbor -IPAddress 192.168.3.9 -LinkLayerAddress 020000000011')
    expect(walk.type('pc', '(Get-NetNeighbor -IPAddress 192.168.3.9).LinkLayerAddress')).toBe('02-00-00-00-00-11\n')
  })
})

describe('cable and Wi-Fi with the same metric (T16)', () => {
  it('take the guests of the Default Switch their Internet until one is set lower; the computer itself keeps it', () => {
    const walk = home()
    walk.type('pc', 'netsh wlan connect name=HomeNet')
    const ping = () => walk.type('ubuntu1', 'ping -c 1 -W 1 192.0.2.80')
    expect(ping()).toContain(' 0% packet loss')
    for (const alias of ['Ethernet', 'Wi-Fi'])
      walk.type('pc', `Set-NetIPInterface -InterfaceAlias ${alias} -AddressFamily IPv4 -InterfaceMetric 30`)
    const from = walk.lab.nextSighting
    expect(ping()).toContain('100% packet loss')
    const why = walk.lab.sightings(from).find(({ verdict }) => verdict === 'no-route')
    expect(why?.detail).toContain('lead out with the same metric 30')
    expect(walk.type('pc', 'ping -n 1 192.0.2.80')).toContain('Reply from 192.0.2.80')
    walk.type('pc', 'Set-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4 -InterfaceMetric 20')
    expect(ping()).toContain(' 0% packet loss')
  })
})
