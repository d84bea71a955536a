// Connections of every kind, judged by tshark: no malformed frame, no bad checksum, and no TCP warning but those that the scene is
// about. What the packet list says is held against what tshark says.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LINK_ETHERNET, pcapng } from '../../durable/engine/lab/pcapng.ts'
import { DnsServer } from '../../durable/engine/service/dns-server.ts'
import { framed } from '../../durable/engine/service/dns-stream.ts'
import { zoneOf } from '../../durable/engine/service/dns-zone.ts'
import { find } from '../../durable/engine/service/http-content.ts'
import { HttpServer } from '../../durable/engine/service/http-server.ts'
import { SshBanner } from '../../durable/engine/service/ssh-banner.ts'
import { Notes, Receiver, Sender } from '../../durable/engine/test-support/streams.ts'
import { LEFT, type PairOptions, RIGHT, TcpPair } from '../../durable/engine/test-support/tcp-pair.ts'
import { octetsOf } from '../../durable/engine/wire/bytes.ts'
import { createMemory, dissect } from '../../durable/engine/wire/dissect.ts'
import * as dns from '../../durable/engine/wire/dns.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0
const folder = mkdtempSync(join(tmpdir(), 'streams-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FIELDS = [
  '_ws.malformed',
  'ip.checksum.status',
  'tcp.checksum.status',
  '_ws.expert.severity',
  '_ws.expert.message',
  '_ws.col.Info',
]
/** Severities of expert information: a warning, and an error. */
const WARN = 0x600000

type Row = { malformed: string; sums: string[]; warnings: string[]; info: string }

function tshark(name: string, pair: TcpPair, machine: string): { rows: Row[]; ours: string[] } {
  const place = pair.recorder.vantages.find((v) => v.machine === machine && v.adapter === 'ethernet')?.number
  const seen = pair.recorder.read(0).filter((one) => one.vantage === place)
  expect(seen[0]?.sequence).toBeLessThan(10)
  const path = join(folder, `${name}.pcapng`)
  const packets = seen.map((one) => ({
    interface: 0,
    timeMicros: one.time,
    bytes: one.bytes,
    originalLength: one.length,
    direction: one.direction,
  }))
  writeFileSync(path, pcapng([{ name, linkType: LINK_ETHERNET }], packets, 0))
  const checks = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE']
  const args = [
    '-n',
    '-r',
    path,
    ...checks.flatMap((option) => ['-o', option]),
    '-T',
    'fields',
    '-E',
    'aggregator=;',
    ...FIELDS.flatMap((field) => ['-e', field]),
  ]
  const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 })
  const rows = text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [malformed, ip, tcp, severities, messages, info] = line.split('\t') as [
        string,
        string,
        string,
        string,
        string,
        string,
      ]
      const levels = severities === '' ? [] : severities.split(';').map(Number)
      const said = messages.split(';')
      return { malformed, sums: [ip, tcp], warnings: said.filter((_, i) => (levels[i] ?? 0) >= WARN), info }
    })
  const memory = createMemory()
  return { rows, ours: seen.map((one) => dissect(one.bytes, 'ethernet', memory).info) }
}

/** What tshark warned of, each once; the rest must be clean. */
function judged(name: string, pair: TcpPair, machine = 'left'): { warnings: string[]; rows: Row[] } {
  const { rows, ours } = tshark(name, pair, machine)
  expect(rows.length).toBeGreaterThan(2)
  const warnings = new Set<string>()
  for (const [at, row] of rows.entries()) {
    const about = `${name}, frame ${at + 1}: ${row.info}`
    expect(row.malformed, about).toBe('')
    for (const sum of row.sums) expect(sum.split(';'), about).not.toContain('0')
    for (const warning of row.warnings) warnings.add(warning)
    const bare = row.info.replace(/^(?:\[[^\]]*\] ?)+/, '')
    if (/^\d+ → \d+ \[/.test(bare)) expect(ours[at], about).toContain(bare.replace(/ \[TCP segment of a reassembled PDU\]$/, ''))
  }
  return { warnings: [...warnings], rows }
}

function transfer(options: PairOptions, octets: number, seconds = 120): TcpPair {
  const pair = new TcpPair(options)
  const receiver = new Receiver(pair.right)
  pair.right.tcp.listen(receiver, { port: 5001 })
  const sender = new Sender(pair.left, octets)
  sender.socket = pair.left.tcp.connect(sender, RIGHT, 5001) as number
  pair.until(() => receiver.done, seconds)
  pair.wait(1)
  expect([receiver.got, receiver.wrong]).toEqual([octets, 0])
  return pair
}

/** A connection that is open at both ends. */
function open(options: PairOptions = {}) {
  const pair = new TcpPair({ delay: 1000, ...options })
  const notes = new Notes()
  const listener = pair.right.tcp.listen(notes, { port: 5001 }) as number
  const left = pair.left.tcp.connect(new Notes('client'), RIGHT, 5001) as number
  pair.wait(0.1)
  const right = pair.right.tcp.accept(listener) as number
  return { pair, left, right }
}

const RESET = ['Connection reset (RST)']
const of = (rows: readonly Row[], what: RegExp) => rows.filter(({ info }) => what.test(info)).length

describe.skipIf(missing)(missing ? 'streams beside tshark: SKIPPED, tshark is not installed' : 'streams beside tshark', () => {
  it.each([
    ['linux', 'windows'],
    ['windows', 'linux'],
  ] as const)('a transfer from %s to %s', (from, to) => {
    const { warnings, rows } = judged('clean', transfer({ delay: 2000, systems: [from, to] }, 400_000))
    expect([warnings, of(rows, /Retransmission|Dup ACK|Out-Of-Order/)]).toEqual([[], 0])
  })

  it.each(['left', 'right'])('a transfer with losses, seen from %s', (side) => {
    const { warnings, rows } = judged('loss', transfer({ delay: 20_000, loss: 30, seed: 5 }, 600_000), side)
    // What is lost is missing on the other side of the line, and so is what answers it: that is the scene.
    const explained = [/Previous segment\(s\) not captured/, /ACKed segment that wasn't captured/, /out-of-order segment/]
    expect(warnings.filter((warning) => !explained.some((why) => why.test(warning)))).toEqual([])
    expect(of(rows, /Retransmission/)).toBeGreaterThan(3)
  })

  it('a transfer over a line that swaps and doubles frames', () => {
    const { warnings } = judged('swap', transfer({ delay: 5000, jitter: 3000, double: 20, seed: 3 }, 300_000), 'left')
    expect(warnings.filter((warning) => !/out-of-order segment/.test(warning))).toEqual([])
  })

  it.each(['windows', 'linux'] as const)('a closed window, probed by %s', (os) => {
    const { pair, left, right } = open({ systems: [os, 'linux'] })
    pair.left.tcp.send(left, new Uint8Array(65_536))
    pair.wait(0.5)
    pair.left.tcp.send(left, new Uint8Array(20_000))
    pair.wait(8)
    while (pair.right.tcp.readableBytes(right) > 0) {
      pair.right.tcp.receive(right)
      pair.wait(1)
    }
    const { warnings, rows } = judged('window', pair)
    // tshark calls a window that is full a warning, and a closed one: both are what the scene is about.
    const explained = [/Zero Window segment/, /TCP window specified by the receiver is now completely full/]
    expect(warnings.filter((warning) => !explained.some((why) => why.test(warning)))).toEqual([])
    expect(of(rows, /TCP ZeroWindow\]/)).toBeGreaterThan(0)
    expect(of(rows, os === 'windows' ? /TCP ZeroWindowProbe\]/ : /TCP Keep-Alive\]/)).toBeGreaterThan(1)
    expect(of(rows, /TCP Window Update\]/)).toBeGreaterThan(0)
  })

  it('both close at once', () => {
    const { pair, left, right } = open()
    pair.left.tcp.shutdown(left)
    pair.right.tcp.shutdown(right)
    pair.wait(1)
    expect(judged('close', pair).warnings).toEqual([])
  })

  it('both open at once', () => {
    const pair = new TcpPair({ delay: 1000 })
    pair.left.tcp.connect(new Notes(), RIGHT, 6000, { sourcePort: 6000 })
    pair.right.tcp.connect(new Notes(), LEFT, 6000, { sourcePort: 6000 })
    pair.wait(1)
    const [c] = [...pair.left.tcp.connections]
    expect(c?.state).toBe(4)
    pair.left.tcp.send(c?.id ?? 0, octetsOf('hello'))
    pair.wait(1)
    // Each SYN comes twice, the second time as an answer; tshark takes the second for a port used anew.
    expect(judged('open', pair).warnings.filter((warning) => !/port numbers reused/i.test(warning))).toEqual([])
  })

  it('a reset, and a refusal', () => {
    const { pair, left } = open()
    pair.left.tcp.send(left, octetsOf('hello'))
    pair.left.tcp.abort(left)
    pair.left.tcp.connect(new Notes(), RIGHT, 9)
    pair.wait(1)
    expect(judged('reset', pair).warnings).toEqual(RESET)
  })

  it('keepalive', () => {
    const { pair, left } = open()
    pair.left.tcp.configure(left, { keepAlive: { idle: 5, interval: 1, probes: 3 } })
    pair.wait(22)
    const { warnings, rows } = judged('alive', pair)
    expect(warnings).toEqual([])
    // The first answer tells a window too, the first that is scaled.
    expect([of(rows, /TCP Keep-Alive\]/), of(rows, /TCP Keep-Alive ACK\]/)]).toEqual([4, 3])
  })

  it('a way that carries less', () => {
    const { warnings, rows } = judged('mtu', transfer({ delay: 5000, mtu: 1300 }, 100_000), 'left')
    // What was too big goes out again at once, too soon for tshark to take it for a retransmission.
    expect(warnings.filter((warning) => !/out-of-order segment/.test(warning))).toEqual([])
    expect(of(rows, /Fragmentation needed/)).toBeGreaterThan(0)
  })

  it('HTTP: pages, ranges, a large body, keep-alive', () => {
    const pair = new TcpPair({ delay: 1000 })
    const site = { server: 'nginx', date: () => 'Mon, 14 Sep 2026 07:00:00 GMT', find: (path: string) => find([], 'www', path) }
    const server = new HttpServer(pair.right, { port: 80, site })
    pair.sim.add(server)
    server.start()
    const { tcp } = pair.left
    const socket = tcp.connect(new Notes(), RIGHT, 80) as number
    for (const target of ['/', '/100KiB', '/nothing']) {
      tcp.send(socket, octetsOf(`GET ${target} HTTP/1.1\r\nHost: www.example.com\r\n\r\n`))
      for (let i = 0; i < 200; i++) {
        pair.wait(0.01)
        tcp.receive(socket)
      }
    }
    tcp.shutdown(socket)
    pair.wait(1)
    const { warnings, rows } = judged('http', pair)
    expect(warnings).toEqual([])
    expect(rows.map(({ info }) => /^HTTP\/1\.1 \d+(?!.*reassembled PDU)/.exec(info)?.[0]).filter(Boolean)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 404',
    ])
  })

  it('DNS over TCP, two questions on one connection', () => {
    const pair = new TcpPair({ delay: 1000 })
    const records = Array.from({ length: 60 }, (_, i) => ({ name: 'big.test', type: 'A', value: `192.0.2.${i + 1}`, ttl: 60 }))
    const soa = { name: 'test', type: 'SOA', value: 'ns.test host.test 1 2 3 4 5', ttl: 60 }
    const zone = zoneOf({ name: 'test', records: [soa, ...records] })
    const server = new DnsServer(pair.sim, pair.right, {
      mode: 'authority',
      zones: [zone],
      roots: [],
      upstream: () => [],
      tcp: true,
    })
    pair.sim.add(server)
    server.start()
    const { tcp } = pair.left
    const socket = tcp.connect(new Notes(), RIGHT, 53) as number
    for (const [id, name] of [
      [7, 'big.test'],
      [8, 'none.test'],
    ] as const)
      tcp.send(socket, framed(dns.encode(dns.query(id, { name, type: 'A' }))))
    pair.wait(1)
    tcp.receive(socket)
    tcp.close(socket)
    pair.wait(1)
    const { warnings, rows } = judged('dns', pair)
    expect(warnings).toEqual([])
    expect(rows.filter(({ info }) => /query response 0x000[78]/.test(info)).length).toBeGreaterThan(0)
  })

  it('the beginning of SSH', () => {
    const pair = new TcpPair({ delay: 1000 })
    const server = new SshBanner(pair.right, { port: 22, software: 'OpenSSH_9.6p1' })
    pair.sim.add(server)
    server.start()
    const { tcp } = pair.left
    const socket = tcp.connect(new Notes(), RIGHT, 22) as number
    tcp.send(socket, octetsOf('SSH-2.0-OpenSSH_9.6\r\n'))
    pair.wait(1)
    tcp.receive(socket)
    tcp.close(socket)
    pair.wait(1)
    const { warnings, rows } = judged('ssh', pair)
    expect(warnings).toEqual([])
    expect(rows.filter(({ info }) => /Protocol \(SSH-2\.0-/.test(info)).length).toBe(2)
  })
})
