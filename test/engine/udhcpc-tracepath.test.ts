import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const NARROW = `
title: A narrow link
summary: A router whose far link carries less.
starts: 2026-03-02T12:00:00+00:00
machines:
  near: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.1.0.2/24, gateway: 10.1.0.1, mac: '00:15:5d:00:01:02' } } }
  middle: { os: ubuntu-24.04, role: computer, forwarding: true, adapters: { eth0: { address: 10.1.0.1/24, mac: '00:15:5d:00:01:01' }, eth1: { address: 10.2.0.1/24, mac: '00:15:5d:00:02:01' } } }
  far: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.2.0.2/24, gateway: 10.2.0.1, mac: '00:15:5d:00:02:02' } } }
switches: { one: { label: One }, two: { label: Two } }
cables:
  - { name: a, between: [near/eth0, one], latency: 50us }
  - { name: b, between: [middle/eth0, one], latency: 50us }
  - { name: c, between: [middle/eth1, two], latency: 50us }
  - { name: d, between: [far/eth0, two], latency: 50us }
`

describe.each([false, true])('stored and opened between all steps: %s', (fragile) => {
  it('udhcpc says what it does', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('gamma', 'sudo udhcpc -i eth0 -n -q -t 2 -T 1')).toMatch(
      /^udhcpc: started, v1\.36\.1\nudhcpc: broadcasting discover\n[\s\S]*udhcpc: no lease, failing\n$/,
    )
    lab.type('alpha', 'sudo dnsmasq --dhcp-range=10.9.0.50,10.9.0.60,2h --port=0')
    expect(lab.type('gamma', 'sudo udhcpc -i eth0 -n -q')).toMatch(
      /^udhcpc: started, v1\.36\.1\nudhcpc: broadcasting discover\nudhcpc: broadcasting select for (10\.9\.0\.\d+), server 10\.9\.0\.1\nudhcpc: lease of \1 obtained from 10\.9\.0\.1, lease time 7200\n$/,
    )
    expect(lab.type('gamma', 'udhcpc -i eth0')).toBe('udhcpc: socket(AF_PACKET,2,8): Operation not permitted\n')
    expect(lab.type('gamma', 'udhcpc -i eth9')).toBe('udhcpc: ioctl 0x8933 failed: No such device\n')
  })

  it('tracepath finds the path', () => {
    const lab = new LinuxLab({ fragile, yaml: NARROW })
    expect(lab.type('near', 'tracepath -n 10.2.0.2')).toMatch(
      /^ 1\?: \[LOCALHOST\] {22}pmtu 1500\n 1: {2}10\.1\.0\.1 +\d+\.\d{3}ms \n 2: {2}10\.2\.0\.2 +\d+\.\d{3}ms reached\n {5}Resume: pmtu 1500 hops 2 back 2 \n$/,
    )
  })
})

it('tracepath is told where less fits', () => {
  const lab = new LinuxLab({ yaml: NARROW })
  const changed = lab.type('middle', 'sudo ip link set eth1 mtu 1400')
  if (changed !== '') return expect(changed).toContain('not simulated')
  expect(lab.type('near', 'tracepath -n 10.2.0.2')).toMatch(/ 2: {2}pmtu 1400\n[\s\S]*Resume: pmtu 1400 hops 2 back 2 \n$/)
})

it('arping goes on until Ctrl-C, or ends with the first answer', () => {
  const lab = new LinuxLab()
  expect(lab.type('alpha', 'sudo arping -f 10.9.0.2')).toMatch(
    /^ARPING 10\.9\.0\.2 from 10\.9\.0\.1 eth0\nUnicast reply from 10\.9\.0\.2 \[00:15:5D:00:00:02\] {2}\d+\.\d+ms\nSent 1 probes \(1 broadcast\(s\)\)\nReceived 1 response\(s\)\n$/,
  )
  lab.type('alpha', 'sudo arping 10.9.0.2')
  expect(lab.interrupt('alpha')).toMatch(/Received \d+ response\(s\)\n$/)
})
