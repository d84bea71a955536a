// Fact sheet 2.7, "Evaluation": block beats allow; no match means the profile's default, which is to block what comes in; the
// firewall filters what goes to the computer's own addresses, not what it forwards. 4.5: inbound echo is a question of one rule.
import { describe, expect, it } from 'vitest'
import { sendEcho } from '../ip/icmp.ts'
import { bindUdp, sendUdp } from '../ip/udp.ts'
import { aDatagram, anEcho, anIcmp, aSegment, type Header, LoneStack, OWN, OWN_MAC, PEER } from '../test-support/lone-stack.ts'
import { MAC_BROADCAST, parseIp, parseIp6 } from '../wire/addresses.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as tcp from '../wire/tcp.ts'
import { Flows, flowKey } from './firewall/flows.ts'
import { PRIVATE } from './firewall/rule.ts'
import { aRule, Firewall, type FirewallRule } from './firewall.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const WWW = ip('192.0.2.80')

const rule = (change: Partial<FirewallRule> = {}): FirewallRule =>
  aRule({ name: `a-rule-${++made}`, displayName: 'A rule', ...change })
let made = 0
const ECHO = { displayName: 'File and Printer Sharing (Echo Request - ICMPv4-In)', protocol: ipv4.ICMP, icmpTypes: ['8'] }

/** A Windows computer behind these rules, with a program on UDP port 6000. */
function computer(...rules: FirewallRule[]) {
  const host = new LoneStack('windows')
  host.know()
  const firewall = new Firewall(host.stack, rules)
  host.sim.add(firewall)
  host.stack.filter = firewall
  const got: number[] = []
  const socket = bindUdp(host.stack, { name: 'test', datagram: (_, { srcPort }) => got.push(srcPort) }, { port: 6000 })
  if (!socket) throw new Error('port 6000 is taken')
  const verdict = (bytes: Uint8Array) => host.hear(bytes).verdict
  return { host, firewall, got, socket, verdict }
}

describe('without a rule that matches', () => {
  it('what comes in is dropped in silence, and the reason names what was missing', () => {
    const { host, got } = computer()
    const seen = [anEcho(), aDatagram(), aSegment()].map((bytes) => host.hear(bytes))
    expect(seen.map(({ verdict, detail }) => `${verdict}: ${detail}`)).toEqual([
      'firewall: no enabled inbound rule of host allows ICMP echo requests to 192.168.3.20 on eth0',
      'firewall: no enabled inbound rule of host allows UDP port 6000 to 192.168.3.20 on eth0',
      'firewall: no enabled inbound rule of host allows TCP port 80 to 192.168.3.20 on eth0',
    ])
    expect([got, host.take()]).toEqual([[], []])
  })

  it('a disabled rule and an outbound one count for nothing', () => {
    const { verdict } = computer(rule({ enabled: false }), rule({ direction: 'Outbound' }))
    expect(verdict(aDatagram())).toBe('firewall')
  })

  it('loopback is exempt', () => {
    const { host, got, socket } = computer()
    sendUdp(host.stack, socket, OWN, 6000, new Uint8Array(1))
    sendUdp(host.stack, socket, ip('127.0.0.1'), 6000, new Uint8Array(1))
    host.wait(0.01)
    expect(got).toEqual([6000, 6000])
  })
})

describe('an allow rule', () => {
  it.each<[string, Partial<FirewallRule>, boolean]>([
    ['of everything', {}, true],
    ['of the protocol', { protocol: ipv4.UDP }, true],
    ['of another protocol', { protocol: ipv4.TCP }, false],
    ['of the port', { protocol: ipv4.UDP, localPorts: ['6000'] }, true],
    ['of another port', { protocol: ipv4.UDP, localPorts: ['53'] }, false],
    ['of the address', { localAddresses: ['192.168.3.20'] }, true],
    ['of another address', { localAddresses: ['172.27.160.1'] }, false],
    ['of the interface', { interfaceAliases: ['eth0'] }, true],
    ['of another interface', { interfaceAliases: ['vEthernet (Default Switch)'] }, false],
    ['of echo requests', { protocol: ipv4.ICMP, icmpTypes: ['8'] }, false],
  ])('%s', (_, change, admitted) => {
    const { verdict, got } = computer(rule(change))
    expect(verdict(aDatagram())).toBe(admitted ? 'delivered' : 'firewall')
    expect(got).toEqual(admitted ? [5000] : [])
  })

  it('for the address of an interface admits broadcasts that come there: how a DHCP server hears DISCOVER', () => {
    const toAll: Header = { src: 0, dst: 0xffffffff, toMac: MAC_BROADCAST }
    expect(computer(rule({ localAddresses: ['192.168.3.20'] })).verdict(aDatagram({}, toAll))).toBe('delivered')
    expect(computer(rule({ localAddresses: ['10.0.0.1'] })).verdict(aDatagram({}, toAll))).toBe('firewall')
  })
})

it('block beats allow, in whatever order they stand, and is named', () => {
  const block = rule({ action: 'Block', displayName: 'No 6000', protocol: ipv4.UDP, localPorts: ['6000'] })
  for (const rules of [
    [rule(), block],
    [block, rule()],
  ]) {
    const { host, verdict } = computer(...rules)
    expect(host.hear(aDatagram())).toMatchObject({ verdict: 'firewall', detail: 'rule "No 6000" blocks it' })
    expect(verdict(aDatagram({ dstPort: 7000 }))).toBe('no-listener')
  }
})

describe('echo (fact sheet 4.5)', () => {
  it('is a request timed out while the rule is disabled, and answered once it is enabled', () => {
    const { host, firewall, verdict } = computer(rule({ ...ECHO, enabled: false }))
    expect(verdict(anEcho())).toBe('firewall')
    expect(host.take()).toEqual([])
    for (const one of firewall.rules) firewall.replace(one, { ...one, enabled: true })
    expect(verdict(anEcho())).toBe('delivered')
    expect(host.take()).toMatchObject([{ icmp: { kind: 'echo-reply' } }])
  })

  it('answers to one’s own ping and errors about one’s own packets come in without a rule', () => {
    const { host, verdict } = computer()
    const told: string[] = []
    host.stack.echoes.set(7, { echoReply: () => told.push('reply'), echoError: () => told.push('error') })
    sendEcho(host.stack, PEER, 7, 1, new Uint8Array(4))
    expect(verdict(anIcmp({ kind: 'echo-reply', ident: 7, sequence: 1, payload: new Uint8Array(4) }))).toBe('delivered')
    const original = anIcmp({ kind: 'echo-request', ident: 7, sequence: 1, payload: new Uint8Array(4) }, { src: OWN, dst: WWW })
    expect(verdict(anIcmp({ kind: 'time-exceeded', code: 0, original: original.slice(14) }))).toBe('delivered')
    expect(told).toEqual(['reply', 'error'])
  })
})

describe('answers to what the computer sent', () => {
  it('are admitted: UDP from the address and to the port that were used, and nobody else’s', () => {
    const { host, got, socket, verdict } = computer()
    sendUdp(host.stack, socket, PEER, 53, new Uint8Array(4))
    expect(verdict(aDatagram({ srcPort: 53 }))).toBe('delivered')
    expect(verdict(aDatagram({ srcPort: 53 }, { src: PEER + 1 }))).toBe('firewall')
    expect(verdict(aDatagram({ srcPort: 53, dstPort: 6001 }))).toBe('firewall')
    expect(got).toEqual([53])
  })

  it('of TCP: the reset of a refused connection gets through', () => {
    const { host, verdict } = computer()
    const outcomes: unknown[] = []
    const owner = { name: 'test', streamEvent: (_: number, event: string) => outcomes.push(event) }
    const socket = host.stack.tcp.connect(owner, PEER, 443)
    if (typeof socket === 'string') throw new Error(socket)
    const port = host.stack.tcp.ends(socket)?.localPort
    const [said] = host.take()
    const ack = said && 'tcp' in said ? said.tcp.seq + 1 : 0
    expect(verdict(aSegment({ srcPort: 443, dstPort: port, flags: tcp.SYN | tcp.ACK, ack: ack >>> 0 }))).toBe('delivered')
    expect(outcomes).toEqual(['connected'])
    // However long it was silent, a connection goes on; what belongs to none is not admitted by it for longer than a minute.
    host.wait(3600)
    const ours = { srcPort: 443, seq: 1001, flags: tcp.ACK, ack: ack >>> 0, payload: new Uint8Array(3) }
    expect(verdict(aSegment({ ...ours, dstPort: port }))).toBe('delivered')
    expect(verdict(aSegment({ ...ours, dstPort: (port ?? 0) - 1 }))).toBe('firewall')
  })

  it('are admitted for a minute after the last packet, also after a restart of the lab', () => {
    const { host, firewall, socket, verdict } = computer()
    sendUdp(host.stack, socket, PEER, 53, new Uint8Array(4))
    host.wait(60)
    const again = new Firewall(host.stack, [], JSON.parse(JSON.stringify(firewall.save())))
    expect(again.save()).toEqual(firewall.save())
    expect(verdict(aDatagram({ srcPort: 53 }))).toBe('delivered')
    host.stack.filter = again
    expect(verdict(aDatagram({ srcPort: 53 }))).toBe('delivered')
    host.wait(0.000001)
    expect(verdict(aDatagram({ srcPort: 53 }))).toBe('firewall')
  })

  it('are not admitted once the computer was off; its rules stay', () => {
    const { host, firewall, socket, verdict } = computer(rule(ECHO))
    sendUdp(host.stack, socket, PEER, 53, new Uint8Array(4))
    firewall.clear()
    expect(verdict(aDatagram({ srcPort: 53 }))).toBe('firewall')
    expect(verdict(anEcho())).toBe('delivered')
  })

  it('to a flood of destinations are admitted for the newest of them', () => {
    const { host, socket, verdict } = computer()
    for (let at = 0; at < 2000; at++) sendUdp(host.stack, socket, 0xc0a80300 + (at % 250) + 2, 1000 + at, new Uint8Array(1))
    sendUdp(host.stack, socket, PEER, 53, new Uint8Array(1))
    expect(verdict(aDatagram({ srcPort: 53 }))).toBe('delivered')
  })
})

it('what is forwarded is not its business', () => {
  const { host } = computer(rule({ action: 'Block' }))
  const inner = host.plug(3, OWN_MAC + 1)
  host.stack.addAddress(inner, ip('172.27.160.1'), 20, 'ics')
  host.via.forwarding = true
  inner.forwarding = true
  host.know(ip('172.27.163.10'), 0x00155d033201, inner)
  expect(host.hear(anEcho({ dst: ip('172.27.163.10') })).verdict).toBe('forwarded')
})

describe('who asked a group', () => {
  const GROUP = ip('224.0.0.252')

  it('hears answers from anybody, to the port that asked and for four seconds', () => {
    const { host, socket, verdict } = computer()
    sendUdp(host.stack, socket, GROUP, 5355, new Uint8Array(4), { via: host.via })
    expect(verdict(aDatagram({ srcPort: 5355, dstPort: 6000 }))).toBe('delivered')
    expect(verdict(aDatagram({ srcPort: 5355, dstPort: 6001 }))).toBe('firewall')
    host.wait(4)
    expect(verdict(aDatagram({ srcPort: 5355, dstPort: 6000 }))).toBe('delivered')
    host.wait(0.1)
    expect(verdict(aDatagram({ srcPort: 5355, dstPort: 6000 }))).toBe('firewall')
  })

  it('also after the firewall was stored and put back', () => {
    const { host, firewall, socket } = computer()
    sendUdp(host.stack, socket, GROUP, 5355, new Uint8Array(4), { via: host.via })
    host.stack.filter = new Firewall(host.stack, [], JSON.parse(JSON.stringify(firewall.save())))
    expect(host.hear(aDatagram({ srcPort: 5355, dstPort: 6000 })).verdict).toBe('delivered')
  })
})

describe('what was found out about earlier packets does not outlive', () => {
  const open6000 = { protocol: ipv4.UDP, localPorts: ['6000'] }

  it('a rule that is changed, added or removed', () => {
    const { firewall, verdict } = computer(rule(open6000))
    expect(verdict(aDatagram())).toBe('delivered')
    const [allow] = firewall.rules as [FirewallRule]
    firewall.replace(allow, { ...allow, localPorts: ['7000'] })
    expect(verdict(aDatagram())).toBe('firewall')
    const block = rule({ ...open6000, action: 'Block' })
    firewall.replace(firewall.rules[0] as FirewallRule, allow)
    firewall.add(block)
    expect(verdict(aDatagram())).toBe('firewall')
    firewall.remove(block)
    expect(verdict(aDatagram())).toBe('delivered')
  })

  it('the category of a network, another gateway, another wireless network, or the name of an exempt adapter', () => {
    const { host, firewall, verdict } = computer(rule({ ...open6000, profiles: PRIVATE }))
    const gateway = (last: number) => ({
      destination: 0,
      prefixLength: 0,
      gateway: ip('192.168.3.0') + last,
      interface: host.via.index,
      metric: 0,
      origin: 'static' as const,
      persistent: true,
    })
    host.stack.routes.add(gateway(1))
    expect(verdict(aDatagram())).toBe('firewall')
    firewall.setCategory(host.via, 'Private')
    expect(verdict(aDatagram())).toBe('delivered')
    host.stack.routes.remove((route) => route.prefixLength === 0)
    host.stack.routes.add(gateway(2))
    expect(verdict(aDatagram())).toBe('firewall')
    host.stack.routes.remove((route) => route.prefixLength === 0)
    host.stack.routes.add(gateway(1))
    expect(verdict(aDatagram())).toBe('delivered')
    host.via.ssid = 'cafe'
    expect(verdict(aDatagram())).toBe('firewall')
    firewall.setProfile('Public', { DisabledInterfaceAliases: ['Exempt'] })
    expect(verdict(aDatagram())).toBe('firewall')
    host.via.name = 'exempt'
    expect(verdict(aDatagram())).toBe('delivered')
  })

  it('a scan of every port: of the ports tried the index keeps few', () => {
    const { verdict } = computer(rule(open6000))
    for (let port = 1; port < 3000; port++) expect(verdict(aDatagram({ dstPort: port }))).toBe('firewall')
    expect(verdict(aDatagram())).toBe('delivered')
  })
})

it('flows of IPv6 are stored by address and come back as they were', () => {
  const flows = new Flows(1000)
  const keys = ['::', 'fe80::1', '2001:db8::ffff:1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'].map((text) =>
    flowKey(ipv4.UDP, 65_535, parseIp6(text) as bigint),
  )
  for (const key of keys) flows.note(key, 5)
  const stored = flows.save(6)
  expect(stored[1]).toEqual(['17/65535/fe80::1', 5])
  const again = new Flows(1000, JSON.parse(JSON.stringify(stored)))
  expect(keys.map((key) => again.lastUse(key))).toEqual([5, 5, 5, 5])
  expect(again.save(6)).toEqual(stored)
})
