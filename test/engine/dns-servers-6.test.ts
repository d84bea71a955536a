// `dnsServers` of a lab may be addresses of IPv6: machines of every system ask them, a home router passes questions on to them.
import { expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: Names by IPv6
summary: Machines that ask a server by IPv6 alone.
starts: 2026-03-02T12:00:00+00:00
machines:
  resolver:
    os: server
    adapters: { eth0: { address: 10.0.0.53/24, address6: '2001:db8:a::53/64' } }
    dns: { mode: authority, zones: { example.com: ['www 60 A 192.0.2.80'] } }
  router:
    os: router
    adapters:
      lan: { address: 10.1.0.1/24, address6: '2001:db8:b::1/64' }
      wan: { address: 10.0.0.1/24, address6: '2001:db8:a::1/64' }
    dnsServers: ['2001:db8:a::53']
    dns: { mode: forwarder }
    dhcpServers: [{ adapter: lan, first: 10.1.0.50, last: 10.1.0.99 }]
  ubuntu:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address: 10.0.0.7/24, address6: '2001:db8:a::7/64' } }
    dnsServers: ['2001:db8:a::53']
  only6:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address6: '2001:db8:a::8/64' } }
    dnsServers: ['2001:db8:a::53', 10.0.0.99]
  windows:
    os: windows-11
    adapters: { Ethernet: { address: 10.0.0.9/24, address6: '2001:db8:a::9/64' } }
    dnsServers: ['2001:db8:a::53']
  leased:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: {} }
    dnsServers: ['2001:db8:a::53']
switches: { outside: { label: Outside } }
cables:
  - { between: [resolver/eth0, outside] }
  - { between: [router/wan, outside] }
  - { between: [ubuntu/eth0, outside] }
  - { between: [only6/eth0, outside] }
  - { between: [windows/Ethernet, outside] }
  - { between: [router/lan, leased/eth0] }
`

it('are asked, by each system and through the router, also after the lab was put away', () => {
  const net = new LinuxLab({ yaml: YAML, fragile: true })
  expect(net.type('ubuntu', 'cat /etc/netplan/50-cloud-init.yaml')).toContain('        - 2001:db8:a::53\n')
  expect(net.type('ubuntu', 'cat /etc/resolv.conf')).toContain('nameserver')
  expect(net.type('ubuntu', 'getent ahostsv4 www.example.com')).toContain('192.0.2.80')
  expect(net.type('only6', 'resolvectl dns')).toContain('2001:db8:a::53')
  expect(net.type('only6', 'resolvectl dns')).not.toContain('10.0.0.99')
  expect(net.type('only6', 'getent ahostsv4 www.example.com')).toContain('192.0.2.80')
  expect(net.type('windows', 'ipconfig /all')).toMatch(/DNS Servers[ .]*: 2001:db8:a::53/)
  expect(net.type('windows', 'Resolve-DnsName www.example.com -Type A')).toContain('192.0.2.80')
  // What asks for its address asks for servers too: the router, whose own server is reached by IPv6.
  expect(net.type('leased', 'resolvectl dns')).not.toContain('2001:db8:a::53')
  expect(net.type('leased', 'getent ahostsv4 www.example.com')).toContain('192.0.2.80')
  // A restart reads netplan again.
  net.type('ubuntu', 'sudo sed -i s/2001:db8:a::53/2001:db8:a::54/ /etc/netplan/50-cloud-init.yaml')
  net.type('ubuntu', 'sudo reboot')
  expect(net.type('ubuntu', 'resolvectl dns')).toContain('2001:db8:a::54')
})

it('a cable that is called like a machine or a switch is a mistake in the lab, and named', () => {
  const named = (name: string) =>
    parseDefinition(YAML.replace('{ between: [resolver/eth0, outside] }', `{ name: ${name}, between: [resolver/eth0, outside] }`))
  const faults = (name: string) => {
    const read = named(name)
    return read.ok ? [] : read.faults.map(({ path, reason }) => `${path}: ${reason}`)
  }
  expect(faults('ubuntu')).toEqual([expect.stringContaining('a machine is named ubuntu')])
  expect(faults('outside')).toEqual([expect.stringContaining('a switch is named outside')])
  expect(faults('a-cable')).toEqual([])
})
