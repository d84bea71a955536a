// Names of the link over IPv6: machines that have no IPv4 address at all (RFC 6762 section 20, RFC 4795 section 2).
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: Names over IPv6
summary: Nobody here has an IPv4 address.
starts: 2026-03-02T12:00:00+00:00
machines:
  pc: { os: windows-11, hostname: PC, build: 26100, adapters: { Ethernet: { address6: '2001:db8:9::3/64', mac: '00:15:5d:00:00:03' } } }
  pc2: { os: windows-11, hostname: PC2, build: 26100, adapters: { Ethernet: { address6: '2001:db8:9::4/64', mac: '00:15:5d:00:00:04' } } }
  desk: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address6: '2001:db8:9::2/64', mac: '00:15:5d:00:00:02' } } }
  shelf: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address6: '2001:db8:9::1/64', mac: '00:15:5d:00:00:01' } } }
switches:
  hub: { label: Switch }
cables:
  - { name: a, between: [pc/Ethernet, hub], latency: 50us }
  - { name: b, between: [desk/eth0, hub], latency: 50us }
  - { name: c, between: [pc2/Ethernet, hub], latency: 50us }
  - { name: d, between: [shelf/eth0, hub], latency: 50us }
`
const open = () => new LinuxLab({ yaml: YAML, fragile: true })

test('multicast DNS by ff02::fb, asked and answered by both systems', () => {
  const lab = open()
  expect(lab.type('desk', 'ping -6 -c 1 shelf.local')).toContain('(2001:db8:9::1)')
  expect(lab.type('desk', 'ping -6 -c 1 shelf.local')).toContain('1 received')
  expect(lab.type('pc', 'ping -6 -n 1 desk.local')).toContain('Received = 1')
  // The firewall of Windows lets the question in, and the echo request not.
  expect(lab.type('desk', 'getent ahostsv6 PC2.local')).toContain('2001:db8:9::4')
  expect(lab.type('desk', 'ip -6 maddr show dev eth0')).toContain('ff02::fb')
})

test('LLMNR by ff02::1:3, where the firewall lets it in', () => {
  const lab = open()
  lab.type('pc2', "Get-NetFirewallRule -DisplayName 'Network Discovery (LLMNR-UDP-In)' | Enable-NetFirewallRule")
  lab.type('pc2', 'Enable-NetFirewallRule -DisplayName "File and Printer Sharing (Echo Request - ICMPv6-In)"')
  expect(lab.type('pc', 'ping -6 -n 1 PC2')).toContain('[2001:db8:9::4]')
  expect(lab.type('pc', 'netsh interface ipv6 show joins Ethernet')).toContain('ff02::1:3')
  expect(lab.type('pc', 'netstat -an')).toMatch(/UDP +\[::\]:5355 +\*:\*/)
})
