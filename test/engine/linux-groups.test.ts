// Multicast groups, neighbours and counters as `ip maddr`, `netstat -g`, `ip -s neigh` and `netstat -s` show them.
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

test('groups, by ip maddr and netstat -g', () => {
  const lab = new LinuxLab({ fragile: true })
  const type = (line: string) => lab.type('alpha', line)
  type('sudo sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0; ping -c 1 nosuch.local')
  const four = ['\tinet  224.0.0.251', '\tinet  224.0.0.1']
  const all = type('ip maddr show dev eth0')
  expect(all).toMatch(/^2:\teth0\n\tlink {2}01:00:5e:00:00:01\n/)
  expect(all).toContain('\tlink  01:00:5e:00:00:fb\n')
  expect(all).toContain(`${four.join('\n')}\n`)
  expect(type('ip -4 maddr show dev eth0')).toBe(['2:\teth0', ...four, ''].join('\n'))
  expect(JSON.parse(type('ip -j -4 maddr show dev eth0'))).toEqual([
    {
      ifindex: 2,
      ifname: 'eth0',
      maddr: [
        { family: 'inet', address: '224.0.0.251' },
        { family: 'inet', address: '224.0.0.1' },
      ],
    },
  ])
  const table = type('netstat -gn')
  expect(table).toMatch(/^IPv6\/IPv4 Group Memberships\nInterface {7}RefCnt Group\n-{15} -{6} -{21}\nlo {14}1 {6}224\.0\.0\.1\n/)
  expect(table).toMatch(
    /\neth0 {12}\d {6}224\.0\.0\.251\neth0 {12}1 {6}224\.0\.0\.1\nlo {14}1 {6}ff02::1\nlo {14}1 {6}ff01::1\neth0/,
  )
  expect(type('netstat -g -4')).not.toContain('ff02')
  expect(type('sudo ip maddr add 1.2.3.4 dev eth0; echo $?')).toBe('Error: Invalid address length 4 - must be 6 bytes\n1\n')
  expect(type('sudo ip maddr add 01:00:5e:00:00:05; echo $?')).toBe('Not enough information: "dev" is required.\n255\n')
})

test('what -s adds to neighbours, and one of them', () => {
  const lab = new LinuxLab({ fragile: true })
  const type = (line: string) => lab.type('alpha', line)
  type('ping -c 1 10.9.0.2; ping -c 1 -W 1 10.9.0.77; sleep 5')
  expect(type('ip -4 -s neigh show dev eth0')).toMatch(
    /^10\.9\.0\.2 lladdr 00:15:5d:00:00:02 {2}ref 1 used \d+\/\d+\/\d+probes 4 \w+ \n10\.9\.0\.77 {2}used \d+\/\d+\/\d+probes 6 FAILED \n$/,
  )
  const [row] = JSON.parse(type('ip -4 -s -j neigh show 10.9.0.77'))
  expect(row).toMatchObject({ dst: '10.9.0.77', dev: 'eth0', probes: 6, state: ['FAILED'] })
  expect(row).not.toHaveProperty('refcnt')
  expect(row.used).toBeGreaterThanOrEqual(5)
  expect(type('ip neigh get 10.9.0.77 dev eth0')).toBe('10.9.0.77 dev eth0 FAILED \n')
  expect(type('ip neigh get 10.9.0.78 dev eth0; echo $?')).toBe('Error: Neighbour entry not found.\n2\n')
  expect(type('ip neigh get 10.9.0.78; echo $?')).toBe('Device and address are required arguments.\n1\n')
})

test('what netstat -s says was counted', () => {
  const lab = new LinuxLab({ fragile: true })
  const type = (line: string) => lab.type('alpha', line)
  type('ping -c 2 10.9.0.2; ping -c 1 ::1; dig +tries=1 +time=1 @10.9.0.2 nosuch.example')
  const all = type('netstat -s')
  expect(all).toMatch(/^Ip:\n {4}Forwarding: \d\n {4}\d+ total packets received\n/)
  expect(all).toMatch(/\n {4}ICMP input histogram:\n(?: {8}destination unreachable: \d\n)? {8}echo replies: 2\n/)
  expect(all).toMatch(
    /\n {4}ICMP output histogram:\n {8}echo requests: 2\nIcmpMsg:\n(?: {8}\w+: \d+\n)+Tcp:\n {4}\d+ active connection openings\n/,
  )
  expect(all).toMatch(
    /\nUdp:\n {4}\d+ packets received\n(?: {4}.*\n)+UdpLite:\nTcpExt:\n {4}0 packet headers predicted\nIpExt:\n$/,
  )
  expect(type('netstat -su')).toMatch(/^IcmpMsg:\n(?: {4}\w+: \d+\n)+Udp:\n/)
  expect(type('netstat -s6')).toMatch(
    /^Ip6:\n {4}\d+ total packets received\n {4}0 incoming packets discarded\n[\s\S]* {4}ICMP input histogram:\n {8}echo requests: 1\n {8}echo replies: 1\n[\s\S]* {8}ICMP output histogram:\n {8}echo requests: 1\n/,
  )
  expect(type('netstat -s46; echo $?')).toBe('netstat: No statistics support for specified address family: inet,inet6\n1\n')
})
