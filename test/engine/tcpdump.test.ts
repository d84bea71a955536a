// tcpdump on a simulated machine: live, into a file, through a pipe, stopped; and the same when the lab is stored and opened between
// any two steps.
import { describe, expect, it } from 'vitest'
import { octetsOf } from '../../durable/engine/wire/bytes.ts'
import { readPcap } from '../../durable/engine/wire/capture/pcap-file.ts'
import { LinuxLab } from './linux-lab.ts'

describe.each([
  ['', false],
  [' of a lab that sleeps between all steps', true],
])('tcpdump%s', (_, fragile) => {
  it('shows packets as they pass and counts them at the end', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('beta', 'sudo tcpdump -nn -t -i eth0')).toBe(
      'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n',
    )
    const seen = lab.type('alpha', 'ping -c 1 10.9.0.2')
    expect(seen.replace(/\[beta\] /g, '')).toContain('ARP, Request who-has 10.9.0.2 tell 10.9.0.1, length 28\n')
    expect(seen).toMatch(/\[beta\] IP 10\.9\.0\.1 > 10\.9\.0\.2: ICMP echo request, id \d+, seq 1, length 64\n/)
    expect(seen).toMatch(/\[beta\] IP 10\.9\.0\.2 > 10\.9\.0\.1: ICMP echo reply, id \d+, seq 1, length 64\n/)
    const last = lab.interrupt('beta')
    expect(last).toMatch(/^\n(\d+) packets captured\n\1 packets received by filter\n0 packets dropped by kernel\n$/)
  })

  it('writes a pcap that it reads again', () => {
    const lab = new LinuxLab({ fragile })
    lab.type('beta', 'sudo tcpdump -i any -c 4 -w /tmp/a.pcap icmp')
    expect(lab.type('alpha', 'ping -c 2 10.9.0.2')).toContain('[beta] 4 packets captured\n')
    const file = readPcap(octetsOf(lab.walk.lab.kernel('beta')?.readFile('/tmp/a.pcap') ?? ''))
    expect(file).toMatchObject({ linkType: 276, snapLength: 262_144 })
    expect(typeof file === 'string' ? [] : file.packets.map(({ length }) => length)).toEqual([104, 104, 104, 104])
    const read = lab.type('beta', 'tcpdump -n -r /tmp/a.pcap icmp[0] = 0')
    expect(read).toMatch(
      /^reading from file \/tmp\/a.pcap, link-type LINUX_SLL2 \(Linux cooked v2\), snapshot length 262144\n12:0\d:/,
    )
    expect(read.match(/eth0 {2}Out IP 10\.9\.0\.2 > 10\.9\.0\.1: ICMP echo reply/g)).toHaveLength(2)
    expect(lab.type('beta', 'tcpdump --count -r /tmp/a.pcap')).toContain('\n4 packets\n')
  })

  it('streams into a pipe', () => {
    const lab = new LinuxLab({ fragile })
    lab.type('beta', 'sudo tcpdump -l -n -t -i eth0 icmp | grep reply')
    const seen = lab.type('alpha', 'ping -c 1 10.9.0.2')
    expect(seen.match(/\[beta\] IP .*echo reply/g)).toHaveLength(1)
    expect(seen).not.toMatch(/\[beta\] IP .*echo request/)
    lab.interrupt('beta')
  })

  it('sees the loopback, and what a filter asks for', () => {
    const lab = new LinuxLab({ fragile })
    lab.type('beta', 'sudo tcpdump -n -e -t -i lo -c 2 icmp')
    expect(lab.type('beta:2', 'ping -c 1 127.0.0.1')).toContain(
      '[beta] 00:00:00:00:00:00 > 00:00:00:00:00:00, ethertype IPv4 (0x0800), length 98: 127.0.0.1 > 127.0.0.1: ICMP echo request',
    )
  })
})

it.each([
  [
    'tcpdump -i eth0',
    "tcpdump: eth0: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
  ],
  ['tcpdump -i nosuch', 'tcpdump: nosuch: No such device exists\n(No such device exists)\n'],
  ['sudo tcpdump tcp foo', "tcpdump: can't parse filter expression: syntax error\n"],
  ['sudo tcpdump tcp and udp', 'tcpdump: expression rejects all packets\n'],
  ['tcpdump -c 0', 'tcpdump: invalid packet count 0\n'],
  ['tcpdump -r /nosuch', 'tcpdump: /nosuch: No such file or directory\n'],
  ['tcpdump -r /etc/hosts', 'tcpdump: unknown file format\n'],
  ['tcpdump -Q up', "tcpdump: unknown capture direction `up'\n"],
])('%s', (line, text) => {
  const lab = new LinuxLab()
  expect(lab.type('alpha', line)).toBe(text)
  expect(lab.type('alpha', 'echo $?')).toBe('1\n')
})
