// Filters and fields held against tshark 4.0: over a frame of each kind, and over what a lab's network says.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../../runtime.ts'
import { LINK_ETHERNET, LINK_RAW_IP, pcapng } from '../../lab/pcapng.ts'
import { formatIp, formatIp6, formatMac } from '../addresses.ts'
import { hex } from '../bytes.ts'
import { sampleFrames, samplePacket } from '../samples/frames.ts'
import type { Field, Value } from './field.ts'
import { fields, matches, parseFilter, type Subject } from './index.ts'
import { layersOf } from './layers.ts'
import { quoting } from './samples.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0

const folder = mkdtempSync(join(tmpdir(), 'filter-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each frame by itself: nothing is put together, numbers are not relative, checksums are looked at. */
const OPTIONS = [
  'ip.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'ip.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
].flatMap((option) => ['-o', option])

const LAB = 'labs/default-switch'
const LINES: readonly (readonly [console: string, line: string])[] = [
  ['ubuntu1', 'ping -c 2 192.168.3.1'],
  ['ubuntu1', 'nslookup www.example.com'],
  ['ubuntu1', 'traceroute -n 198.51.100.80'],
  ['win1', 'ipconfig /renew'],
  ['win1', 'tracert -d 198.51.100.80'],
  ['ubuntu1', 'curl -s http://www.example.com/'],
  ['pc', 'rasdial "Campus VPN" student lab-only'],
  ['pc', 'ping -n 1 192.168.3.1'],
  ['ubuntu2', 'ping -c 1 -s 3000 192.168.3.1'],
]

function walked(): { subject: Subject; linkType: 'ethernet' | 'raw-ip' }[] {
  const opened = openRuntime(readFileSync(`${LAB}/lab.yaml`, 'utf8'), 1)
  if (!opened.ok) throw new Error('the lab does not build')
  const { lab } = opened
  const seen = [...lab.sightings(0)]
  let next = lab.nextSighting
  LINES.forEach(([console, line], i) => {
    lab.exec(console, line, i + 1)
    seen.push(...lab.sightings(next))
    next = lab.nextSighting
  })
  return seen.map((one) => {
    const { machine, adapter, linkType } = lab.vantages[one.vantage]
    const { bytes, length, time } = one
    const subject = { bytes, linkType, number: 0, timeMicros: time, interfaceName: `${machine}/${adapter}`, length }
    return { subject, linkType }
  })
}

/** A conversation's memory of tshark would make one frame tell of another: HTTP by its first line, so only where it began. */
const samples = [...sampleFrames, ...quoting].map(({ frame }, i) => ({
  bytes: Uint8Array.from(frame),
  linkType: 'ethernet' as const,
  number: 0,
  timeMicros: i * 1000,
  interfaceName: 'samples',
  length: frame.length,
}))

function capture(name: string, subjects: readonly Subject[]): string {
  const path = join(folder, `${name}.pcapng`)
  const interfaces = [...new Set(subjects.map((s) => s.interfaceName))]
  writeFileSync(
    path,
    pcapng(
      interfaces.map((one) => {
        const linkType = subjects.find((s) => s.interfaceName === one)?.linkType === 'raw-ip' ? LINK_RAW_IP : LINK_ETHERNET
        return { name: one, linkType }
      }),
      subjects.map(({ interfaceName, timeMicros, bytes, length }) => ({
        interface: interfaces.indexOf(interfaceName),
        timeMicros,
        bytes,
        originalLength: length,
        direction: 'in' as const,
      })),
      1_700_000_000_000_000,
    ),
  )
  return path
}

const run = (args: readonly string[]): string =>
  execFileSync('tshark', ['-n', ...OPTIONS, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  })

/** The frames of both captures in one file, numbered as tshark numbers them. */
const walk = missing ? [] : walked().map(({ subject }) => subject)
const start = samples.length * 1000
const subjects: readonly Subject[] = [
  ...samples,
  {
    bytes: samplePacket.frame,
    linkType: 'raw-ip',
    number: 0,
    timeMicros: start,
    interfaceName: 'tunnel',
    length: samplePacket.frame.length,
  } as const,
  ...walk.map((one) => ({ ...one, timeMicros: start + one.timeMicros })),
].map((one, i) => ({ ...one, number: i + 1 }))
const path = missing ? '' : capture('all', subjects)

function shown(field: Field, value: Value): string {
  if (field.type === 'ipv4') return formatIp(value as number)
  if (field.type === 'ether') return formatMac(value as number)
  if (field.type === 'ipv6') return formatIp6(value as Uint8Array)
  if (typeof value === 'object') return hex(value, 0, value.length)
  return `${value}`
}
const plain = (field: Field, text: string): string => {
  if (field.type === 'bytes') return text.replaceAll(':', '')
  return text.startsWith('0x') && field.type !== 'string' ? `${Number(text)}` : text
}

/** Where tshark 4.0 means something of its own. */
const DIFFERENT = new Set([
  // Relative to the first packet of the file; here to the start of the lab.
  'frame.time_relative',
  // tshark tells the end of the options as an option of type 0.
  'dhcp.option.type',
  // tshark reads on in what a protocol-reject sends back.
  'ppp.code',
  'ppp.identifier',
  'ppp.length',
])

const FILTERS: readonly string[] = [
  'arp',
  'arp.opcode == request && arp.dst.proto_ipv4 == 192.168.50.1',
  'arp.isprobe or arp.isannouncement',
  'arp.src.hw_mac == eth.src',
  'not arp and not ip',
  '!(ip || arp)',
  'eth.dst == ff:ff:ff:ff:ff:ff',
  'eth.addr == 00-15-5d-00-e5-01',
  'eth.src == 0015.5d00.e501',
  'eth.src[0:3] == 00:15:5d',
  'eth.src[2] & 0f == 0d',
  'eth.dst[0:2] & 01:00',
  'ip.src & 255.0.0.0 == 10.0.0.0',
  'eth.type == 0x0800',
  'vlan.id == 20 || vlan.priority > 2',
  'ip.addr == 192.168.3.1',
  'ip.addr != 192.168.50.10',
  'ip.addr === 192.168.50.10',
  'ip.addr !== 192.168.50.10',
  'any ip.addr == 10.9.0.1',
  'all ip.addr != 10.9.0.1',
  'ip.src == 192.168.0.0/16 and !(ip.dst == 192.168.0.0/16)',
  'ip.src in {10.0.0.0/8, 192.168.50.2..192.168.50.9}',
  'ip.src >= 192.168.50.2',
  'ip.addr > 192.168.50.0/24',
  'ip.src[0] == c0',
  'ip.src#2 == 192.168.50.10',
  'ip.ttl == 1 or ip.ttl == 0b1000000',
  'ip.ttl not in {64, 128}',
  'ip.ttl in {1..63}',
  'ip.ttl lt 64 && ip.ttl ge 2',
  'ip.proto == ICMP',
  'ip.flags.df == True',
  'ip.flags.mf == 1 or ip.frag_offset > 0',
  'ip.id == 0x1234 and ip.len > 40',
  'ip.checksum.status == "Bad" or udp.checksum.status == "Good"',
  'icmp.type == 8',
  'icmp.type in {3, 11} and udp',
  'icmp.type == 3 && icmp.code == 3',
  'icmp.seq == 7 and icmp.ident == 1',
  'icmp.mtu or icmp.redir_gw or icmp.pointer',
  'count(ip.addr) > 2',
  'igmp.maddr == 239.255.255.250',
  'udp.port == 53',
  'udp.port != 53',
  'udp.srcport == 67 and udp.dstport == 68',
  'udp contains "hello"',
  'len(udp.payload) == 5',
  'tcp.flags.syn',
  'tcp.flags.syn == True && tcp.flags.ack == 0',
  'tcp.flags & 2',
  'tcp.flags & 0x12 == 0x12',
  'tcp.port in {80, 22}',
  'tcp.options.mss_val == 1460',
  'tcp.len > 0 and tcp.window_size_value > 500',
  'tcp.seq_raw == 1001',
  'tcp.payload contains "HTTP"',
  'http.request.method == "GET"',
  'http.response.code >= 400',
  'dhcp',
  'bootp.option.dhcp == 1',
  'dhcp.option.dhcp == 5 && eth.dst == ff:ff:ff:ff:ff:ff',
  'dhcp.option.dhcp == ACK or dhcp.option.dhcp == "Offer"',
  'dhcp.ip.your == 192.168.0.0/16',
  'dhcp.hw.mac_addr[0:3] == 00:15:5d',
  'dhcp.option.requested_ip_address or dhcp.option.dhcp_server_id == 192.168.50.1',
  'dhcp.option.ip_address_lease_time >= 3600 and dhcp.option.subnet_mask == 255.255.255.0',
  'dhcp.option.router == 192.168.50.1 || dhcp.option.domain_name == "home"',
  'dhcp.option.domain_name_server == 1.1.1.1',
  'dhcp.option.request_list_item == 121',
  'lower(dhcp.option.hostname) contains "client"',
  'dns',
  'dns.qry.name == "www.example.com"',
  'dns.qry.name contains "example" and dns.flags.response == 0',
  'dns.qry.name[0:3] == "www"',
  'dns.qry.name == "<Root>"',
  'upper(dns.qry.name) == "WWW.EXAMPLE.COM"',
  'len(dns.qry.name) > 20',
  'dns.qry.type == 28 or dns.qry.type == 12',
  'dns.flags.rcode == "No such name"',
  'dns.flags.rcode != 0',
  'dns.a == 93.184.216.0/24',
  'dns.aaaa == 2606:2800::/32',
  'dns.cname or dns.ptr.domain_name == "vm1.mshome.net"',
  'dns.resp.ttl < 120 && dns.count.answers > 0',
  'dns.resp.name == "www.example.com"',
  'llmnr or mdns',
  'l2tp.type == 1 and l2tp.avp.message_type == 1',
  'l2tp.tunnel == 7 && ppp.protocol == 0x0021',
  'lcp.opt.mru == 1400 or ipcp.opt.ip_address == 0.0.0.0',
  'pap.peer_id == "anna" && pap.password == "secret"',
  'ipv6.addr == fe80::1 or icmpv6.type == 135',
  'ipv6.dst == ff02::/16',
  'frame contains 61:62:63',
  'frame contains "\\x45\\x00"',
  'frame[12:2] == 08:06',
  'frame[-2:] == 00:00',
  "frame[12-13] == 0800 && frame[14] == 'E'",
  'frame[0:2,12:2] == 00:15:08:06',
  'frame.len > 400',
  'frame.number in {5, 10..20}',
  'frame.interface_name contains "ubuntu1"',
  'ip and arp or icmp',
  'icmp or ip and arp',
  'not not arp',
]

describe.skipIf(missing)(missing ? 'filters beside tshark: SKIPPED, tshark is not installed' : 'filters beside tshark', () => {
  it('has frames of many kinds to look at', () => {
    expect(walk.length).toBeGreaterThan(400)
  })

  it('reads the same values of every field', () => {
    const asked = [...fields.values()].filter((field) => field.type !== 'protocol' && !DIFFERENT.has(field.name))
    const text = run(['-r', path, '-T', 'fields', '-E', 'aggregator=\x01', ...asked.flatMap(({ name }) => ['-e', name])])
    const differences = new Map<string, string>()
    text
      .split('\n')
      .slice(0, -1)
      .forEach((line, i) => {
        const columns = line.split('\t')
        const packet = layersOf(subjects[i], ~0)
        asked.forEach((field, k) => {
          const out: Value[] = []
          for (const layer of packet.layers)
            if ((layer.protocol & field.of) !== 0) field.read(subjects[i].bytes, layer, out, subjects[i])
          const ours = out.map((value) => shown(field, value)).join('|')
          const theirs = (columns[k] === '' ? [] : columns[k].split('\x01')).map((one) => plain(field, one)).join('|')
          if (ours !== theirs && !differences.has(field.name)) differences.set(field.name, `frame ${i + 1}: ${ours} != ${theirs}`)
        })
      })
    expect(Object.fromEntries(differences)).toEqual({})
  })

  it.each(FILTERS)('finds the same frames: %s', (text) => {
    const parsed = parseFilter(text)
    if (!parsed.ok) throw new Error(`${parsed.message} at ${parsed.at}`)
    const theirs = run(['-r', path, '-Y', text, '-T', 'fields', '-e', 'frame.number'])
    const ours = subjects.filter((subject) => matches(parsed.filter, subject)).map(({ number }) => number)
    expect(ours.join(' ')).toBe(theirs.split('\n').slice(0, -1).join(' '))
  })

  it('refuses what tshark refuses', () => {
    for (const text of [
      'ip.ttl == 256',
      'eth.src == 00:15:5d',
      'ip.ttl[0] == 1',
      'tcp.port in {80, 22 53}',
      'ip && (udp',
      'ip.foo',
      '64 == ip.ttl',
    ]) {
      expect([text, parseFilter(text).ok]).toEqual([text, false])
      expect(() => run(['-r', path, '-Y', text])).toThrow()
    }
  })
})
