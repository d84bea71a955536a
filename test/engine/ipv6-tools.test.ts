// What people type to set IPv6 by hand, on both systems, and whether the packets then go that way.
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: IPv6 by hand
summary: A router, a Windows computer and a Linux computer.
starts: 2026-03-02T12:00:00+00:00
machines:
  pc: { os: windows-11, hostname: PC, build: 26100, adapters: { Ethernet: { address: 10.9.0.3/24, mac: '00:15:5d:00:00:03' } } }
  desk: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.9.0.2/24, mac: '00:15:5d:00:00:02' } } }
  names:
    os: server
    adapters: { eth0: { address: 10.9.0.53/24, address6: '2001:db8:9::53/64', mac: '00:15:5d:00:00:53' } }
    dns:
      mode: authority
      zones: { example.com: ['@ 60 SOA ns hostmaster 1 2 3 4 60', 'www 60 A 10.9.0.53', 'www 60 AAAA 2001:db8:9::53'] }
switches:
  hub: { label: Switch }
cables:
  - { name: a, between: [pc/Ethernet, hub], latency: 50us }
  - { name: b, between: [desk/eth0, hub], latency: 50us }
  - { name: c, between: [names/eth0, hub], latency: 50us }
`

const open = () => new LinuxLab({ yaml: YAML, fragile: true })

test('Windows: an address, its prefix, and its end', () => {
  const lab = open()
  expect(lab.type('pc', 'ping -n 1 2001:db8:9::53')).toContain('General failure')
  const made = lab.type('pc', 'New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 2001:db8:9::3 -PrefixLength 64')
  expect(made).toContain('IPAddress         : 2001:db8:9::3')
  expect(made).toContain('AddressState      : Tentative')
  expect(lab.type('pc', 'ping -n 1 2001:db8:9::53')).toContain('Received = 1')
  expect(lab.type('pc', 'New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 2001:db8:9::3 -PrefixLength 64')).toContain(
    'The object already exists',
  )
  expect(lab.type('pc', 'Set-NetIPAddress -IPAddress 2001:db8:9::3 -PrefixLength 129')).toContain('The parameter is incorrect')
  lab.type('pc', 'Set-NetIPAddress -IPAddress 2001:db8:9::3 -PrefixLength 128')
  expect(lab.type('pc', 'ping -n 1 2001:db8:9::53')).toContain('General failure')
  lab.type('pc', 'Remove-NetIPAddress -IPAddress 2001:db8:9::3 -Confirm:$false')
  expect(lab.type('pc', 'Get-NetIPAddress -AddressFamily IPv6 | ft IPAddress')).not.toContain('2001:')
})

test('Windows: servers of both families, set apart and together', () => {
  const lab = open()
  lab.type('pc', 'netsh interface ipv6 add address Ethernet 2001:db8:9::3/64')
  expect(lab.type('pc', 'Resolve-DnsName www.example.com -QuickTimeout')).toMatch(/Resolve-DnsName :/)
  lab.type('pc', 'Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses 2001:db8:9::53')
  expect(lab.type('pc', 'Resolve-DnsName www.example.com')).toContain('10.9.0.53')
  lab.type('pc', 'Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses 10.9.0.53')
  const rows = lab.type('pc', 'Get-DnsClientServerAddress -InterfaceAlias Ethernet')
  expect(rows).toContain('{10.9.0.53}')
  expect(rows).toContain('{2001:db8:9::53}')
  lab.type('pc', 'Set-DnsClientServerAddress -InterfaceAlias Ethernet -ResetServerAddresses')
  expect(lab.type('pc', 'Get-DnsClientServerAddress -InterfaceAlias Ethernet')).not.toContain('9::53')
  lab.type('pc', 'netsh interface ipv6 set dnsservers Ethernet static 2001:db8:9::53')
  lab.type('pc', 'netsh interface ipv6 add dnsservers Ethernet 2001:db8:9::54')
  expect(lab.type('pc', 'netsh interface ipv6 show dnsservers Ethernet')).toMatch(/9::53\s+2001:db8:9::54/)
  lab.type('pc', 'netsh interface ipv6 delete dnsservers Ethernet 2001:db8:9::54')
  expect(lab.type('pc', 'Get-DnsClientServerAddress -InterfaceAlias Ethernet')).toContain('{2001:db8:9::53}')
})

test('Windows: routes by route and netsh, and what they refuse', () => {
  const lab = open()
  lab.type('pc', 'netsh interface ipv6 add address Ethernet 2001:db8:9::3/64')
  expect(lab.type('pc', 'route -6 add 2001:db8:7::/64 2001:db8:9::53')).toContain(' OK!')
  expect(lab.type('pc', 'route print -6')).toMatch(/2001:db8:7::\/64 +2001:db8:9::53/)
  expect(lab.type('pc', 'route -6 add 2001:db8:7::/64 2001:db8:9::53')).toContain('The object already exists')
  expect(lab.type('pc', 'route -6 add 2001:db8:6::/64 2001:db8:5::1')).toContain('gateway does not lie on the same network')
  expect(lab.type('pc', 'route -6 add 2001:db8:7::1/64 2001:db8:9::53')).toContain('The parameter is incorrect')
  expect(lab.type('pc', 'route -6 delete 2001:db8:7::/64')).toContain(' OK!')
  expect(lab.type('pc', 'route -6 delete 2001:db8:7::/64')).toContain('Element not found')
  expect(lab.type('pc', 'netsh interface ipv6 add route 2001:db8:7::/64 Ethernet 2001:db8:9::53')).toContain('Ok.')
  expect(lab.type('pc', 'netsh interface ipv6 delete route 2001:db8:7::/64 Ethernet')).toContain('Ok.')
  expect(lab.type('pc', 'netsh interface ipv6 delete route 2001:db8:7::/64 Ethernet')).toContain('Element not found')
  expect(lab.type('pc', 'netsh interface ipv6 add address Nosuch 2001:db8:9::4')).toContain('syntax is incorrect')
})

test('Windows: neighbours', () => {
  const lab = open()
  lab.type('pc', 'New-NetNeighbor -InterfaceAlias Ethernet -IPAddress 2001:db8:9::9 -LinkLayerAddress 020000000009')
  expect(lab.type('pc', 'Get-NetNeighbor -IPAddress 2001:db8:9::9')).toContain('Permanent')
  lab.type('pc', 'Remove-NetNeighbor -IPAddress 2001:db8:9::9 -Confirm:$false')
  expect(lab.type('pc', 'netsh interface ipv6 show neighbors Ethernet')).not.toContain('9::9')
})

test('Linux: servers over IPv6 are asked', () => {
  const lab = open()
  lab.type('desk', 'sudo ip -6 addr add 2001:db8:9::2/64 dev eth0')
  lab.type('desk', 'sudo resolvectl dns eth0 2001:db8:9::53')
  expect(lab.type('desk', 'resolvectl dns eth0')).toBe('Link 2 (eth0): 2001:db8:9::53\n')
  expect(lab.type('desk', 'resolvectl query www.example.com')).toMatch(/www.example.com: 2001:db8:9::53 +-- link: eth0/)
  expect(lab.type('desk', 'getent ahostsv4 www.example.com')).toContain('10.9.0.53')
  expect(lab.type('desk', 'getent hosts www.example.com')).toBe('2001:db8:9::53  www.example.com\n')
  expect(lab.type('desk', 'dig +short @2001:db8:9::53 www.example.com')).toBe('10.9.0.53\n')
  expect(lab.type('desk', 'cat /etc/resolv.conf')).toContain('nameserver 2001:db8:9::53')
  expect(lab.type('desk', 'sudo arping -c 1 2001:db8:9::53')).toContain('Address family for hostname not supported')
})

test('Windows: an address of DHCPv6 given back and had again', () => {
  const lab = new LinuxLab({
    fragile: true,
    yaml: `
title: Managed
summary: A router that gives addresses.
starts: 2026-03-02T12:00:00+00:00
machines:
  pc: { os: windows-11, hostname: PC, build: 26100, adapters: { Ethernet: { address: 10.9.0.3/24, mac: '00:15:5d:00:00:03' } } }
  router:
    os: router
    adapters: { lan: { address: 10.9.0.1/24, address6: '2001:db8:9::1/64', mac: '00:15:5d:00:00:01' } }
    routerAdvertisements: [{ adapter: lan, managed: true }]
    dhcpv6Servers: [{ adapter: lan, first: '2001:db8:9::1000', last: '2001:db8:9::1fff' }]
switches: { hub: { label: Switch } }
cables:
  - { name: a, between: [pc/Ethernet, hub], latency: 50us }
  - { name: b, between: [router/lan, hub], latency: 50us }
`,
  })
  const leased = /2001:db8:9::1[0-9a-f]{3}/
  expect(lab.type('pc', 'ipconfig')).toMatch(leased)
  expect(lab.type('pc', 'ipconfig /release6')).not.toMatch(leased)
  expect(lab.type('pc', 'ipconfig /renew6')).toMatch(leased)
  expect(lab.type('pc', 'ipconfig /renew6 Eth*')).toMatch(leased)
  lab.type('pc', 'ipconfig /release6')
  expect(lab.type('pc', 'ipconfig /release6')).toContain('no adapter is in the state permissible')
  const set = 'Set-NetIPInterface Ethernet -AddressFamily IPv6 -Dhcp'
  expect(lab.type('pc', 'ipconfig /renew6')).toMatch(leased)
  lab.type('pc', `${set} Disabled`)
  expect(lab.type('pc', 'ipconfig')).not.toMatch(leased)
  lab.type('pc', `${set} Enabled; Start-Sleep 10`)
  expect(lab.type('pc', 'ipconfig')).toMatch(leased)
})
