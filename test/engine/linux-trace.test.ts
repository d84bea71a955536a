// Where traceroute begins, and to which port it goes.
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const YAML = `
title: A way
summary: Two routers on the way.
starts: 2026-03-02T12:00:00+00:00
machines:
  a: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.1.0.1/24, gateway: 10.1.0.2, mac: '00:15:5d:00:01:01' } } }
  r: { os: ubuntu-24.04, role: computer, forwarding: true, adapters: { eth0: { address: 10.1.0.2/24, mac: '00:15:5d:00:01:02' }, eth1: { address: 10.2.0.2/24, mac: '00:15:5d:00:02:02' } } }
  b: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.2.0.1/24, gateway: 10.2.0.2, mac: '00:15:5d:00:02:01' } } }
switches: { one: { label: One }, two: { label: Two } }
cables:
  - { name: c1, between: [a/eth0, one], latency: 50us }
  - { name: c2, between: [r/eth0, one], latency: 50us }
  - { name: c3, between: [r/eth1, two], latency: 50us }
  - { name: c4, between: [b/eth0, two], latency: 50us }
`

test('traceroute -f and -p', () => {
  const lab = new LinuxLab({ yaml: YAML, fragile: true })
  expect(lab.type('a', 'traceroute -n -q 1 10.2.0.1')).toMatch(/\n 1 {2}10\.1\.0\.2 .*\n 2 {2}10\.2\.0\.1 .*\n$/)
  expect(lab.type('a', 'traceroute -n -q 1 -f 2 10.2.0.1')).toMatch(/byte packets\n 2 {2}10\.2\.0\.1 .*\n$/)
  expect(lab.type('a', 'traceroute -f 5 -m 3 10.2.0.1; echo $?')).toBe('first hop out of range\n2\n')
  expect(lab.type('a', 'traceroute -p x 10.2.0.1; echo $?')).toBe("Cannot handle `-p' option with arg `x' (argc 2)\n2\n")
  lab.type('b', 'sudo timeout 20 tcpdump -ni eth0 -c 1 udp &')
  const text = lab.type('a', 'traceroute -n -q 1 -f 2 -p 40000 10.2.0.1')
  expect(text).toMatch(/ > 10\.2\.0\.1\.40000: UDP, length 32\n/)
  expect(text).toMatch(/\n 2 {2}10\.2\.0\.1 {2}[\d.]+ ms\n/)
  expect(lab.type('a', 'ping -V; ping -U -c 1 -q 10.2.0.1')).toMatch(/^ping from iputils 20240117\nlibcap: [\s\S]* 1 received/)
})
