// Options of ping, arping, ss and netstat that people type, on machines that exchange packets.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const open = () => new LinuxLab({ fragile: true })

describe('arping', () => {
  it('-D says who has an address, and fails then', () => {
    const lab = open()
    const taken = lab.type('alpha', 'sudo arping -D -c 3 -I eth0 10.9.0.2; echo $?')
    expect(taken).toMatch(
      /^ARPING 10\.9\.0\.2 from 0\.0\.0\.0 eth0\nUnicast reply from 10\.9\.0\.2 \[00:15:5D:00:00:02\] .*ms\nSent 1 probes \(1 broadcast\(s\)\)\nReceived 1 response\(s\)\n1\n$/,
    )
    expect(lab.type('alpha', 'sudo arping -D -c 2 -I eth0 10.9.0.77; echo $?')).toMatch(/Sent 2 probes[\s\S]*Received 0 .*\n0\n$/)
    // A probe tells nobody anything.
    expect(lab.type('beta', 'ip neigh')).not.toContain('10.9.0.1 ')
  })

  it('-U and -A tell everybody, and neighbours listen', () => {
    const lab = open()
    lab.type(
      'beta',
      'sudo ip neigh add 10.9.0.1 lladdr 02:00:00:00:00:99 dev eth0; sudo ip neigh change 10.9.0.1 lladdr 02:00:00:00:00:98 dev eth0',
    )
    lab.type('gamma', 'sudo ip addr add 10.9.0.3/24 dev eth0; ping -c 1 10.9.0.1')
    expect(
      lab.type('alpha', 'sudo ip link set eth0 address 02:00:00:00:00:aa; sudo arping -U -c 1 -I eth0 10.9.0.1; echo $?'),
    ).toMatch(/\n0\n$/)
    expect(lab.type('gamma', 'ip neigh show 10.9.0.1')).toContain('02:00:00:00:00:aa')
    expect(lab.type('alpha', 'sudo arping -A -c 2 -I eth0 10.9.0.1')).toContain('Sent 2 probes (2 broadcast(s))')
    expect(lab.type('alpha', 'sudo arping -U -c 1 -I eth0 10.9.0.9; echo $?')).toBe(
      'arping: bind: Cannot assign requested address\n2\n',
    )
  })
})

describe('ping', () => {
  it('-D stamps, -O tells what is late, -f floods', () => {
    const lab = open()
    expect(lab.type('alpha', 'ping -D -c 1 10.9.0.2')).toMatch(/\n\[17\d{8}\.\d{6}\] 64 bytes from 10\.9\.0\.2: icmp_seq=1/)
    const late = lab.type('alpha', 'ping -O -c 3 -W 1 10.9.0.88')
    expect(late).toContain('no answer yet for icmp_seq=1\nno answer yet for icmp_seq=2\n')
    expect(lab.type('alpha', 'ping -O -c 2 10.9.0.2')).not.toContain('no answer')
    expect(lab.type('alpha', 'sudo ping -f -c 50 10.9.0.2')).toMatch(/50 packets transmitted, 50 received, 0% packet loss/)
    expect(lab.type('alpha', 'ping -f -c 5 10.9.0.2; echo $?')).toContain('cannot flood')
  })
})

describe('ss', () => {
  it('filters by state, port and address', () => {
    const lab = open()
    lab.type('beta', 'nc -l -k 9000 > /dev/null &')
    lab.type('beta', 'sudo nc -l -k 22 > /dev/null &')
    const ports = (line: string) => [...lab.type('beta', line).matchAll(/:(\d+) +\S+:\S+/g)].map((found) => Number(found[1]))
    const all = ports('ss -tlnH')
    expect(new Set(all)).toEqual(new Set([22, 9000]))
    expect(new Set(ports('ss -tnH state listening sport = :9000'))).toEqual(new Set([9000]))
    expect(new Set(ports('ss -tlnH sport = :ssh'))).toEqual(new Set([22]))
    expect(new Set(ports("ss -tlnH '( sport = :22 or sport = :9000 )'"))).toEqual(new Set([22, 9000]))
    expect(new Set(ports('ss -tlnH sport gt :1000'))).toEqual(new Set([9000]))
    expect(ports('ss -tlnH not sport = :9000 and not sport = :22')).toEqual([])
    expect(ports('ss -tnH state established')).toEqual([])
    expect(lab.type('beta', 'ss -tn state established')).not.toContain('State')
    expect(lab.type('beta', 'ss -uan src [::]:5353')).toMatch(/UNCONN +0 +0 +\[::\]:5353 +\[::\]:\*/)
    expect(lab.type('beta', 'ss -4uan')).not.toContain('[::]')
    expect(lab.type('beta', 'ss state frob; echo $?')).toBe('ss: wrong state name: frob\n255\n')
    expect(lab.type('beta', 'ss sport foo; echo $?')).toContain('does not look like a port')
    expect(lab.type('beta', "ss '( sport = :22'; echo $?")).toMatch(/bison bellows[\s\S]*\n255\n$/)
  })
})

it('netstat tells the families apart', () => {
  const lab = open()
  expect(lab.type('alpha', 'netstat -uan')).toMatch(/udp +0 +0 0\.0\.0\.0:5353 [\s\S]*udp6 +0 +0 :::5353 +:::\*/)
  expect(lab.type('alpha', 'netstat -uan4')).not.toContain('udp6')
})
