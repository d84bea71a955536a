import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../../definition/parse.ts'
import { shells } from '../../../runtime.ts'
import { factsOf } from './facts.ts'
import { type Fault, faults, type Probed, probe } from './faults.ts'
import type { Explanation } from './history.ts'
import { whyPacket } from './why-packet.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { definition } = parsed

const ask = (console: string, line: string, more: Partial<Fault> = {}): Probed =>
  probe({ name: '', probe: { console, line }, kind: 'other', machine: '', ...more }, definition, 1, shells)
const planted = (name: string): Probed => probe(faults.find((fault) => fault.name === name) as Fault, definition, 1, shells)

/** The packets of the command, oldest first, each explained. */
function explained({ history, command }: Probed, options?: { path?: boolean }): Explanation[] {
  const packets = new Set(history.sightings.filter(({ origin }) => origin === command).map(({ packet }) => packet))
  return [...packets].map((packet) => whyPacket(history, packet, options))
}
const titled = (all: readonly Explanation[], title: RegExp): Explanation => {
  const one = all.find((explanation) => title.test(explanation.title))
  if (!one) throw new Error(`${title} is none of ${all.map((explanation) => explanation.title).join('; ')}`)
  return one
}
const texts = ({ sentences }: Explanation): string => sentences.map(({ text }) => text).join('\n')

describe('a packet of before', () => {
  it('is told with the row that it was sent by, not with one that came later', () => {
    const probed = ask('ubuntu1', 'ping -c 1 192.0.2.80')
    const forwarding = () =>
      titled(explained(probed), /^The ping/)
        .sentences.filter(({ text }) => text.includes('forwarded it'))
        .map(({ text }) => text)
    const [first, ...others] = forwarding()
    expect(first).toMatch(/forwarded it to 192\.168\.3\.1 by Ethernet, by the row 0\.0\.0\.0\/0 by 192\.168\.3\.1 \(dhcp\)/)
    // A better row comes: it was not this one.
    expect(probed.lab.exec('pc', 'rasdial "Campus VPN"', 2).exitStatus).toBe(0)
    expect(forwarding()).toEqual([first, ...others])
    // And with the link the row goes.
    probed.lab.hand({ action: 'unplug', link: 'pc-cable' }, 3)
    const [now, ...same] = forwarding()
    expect(now).toMatch(/forwarded it to 192\.168\.3\.1 by Ethernet, by a row that is not in its routing table now;/)
    expect(same).toEqual(others)
  })
})

describe('a ping from a guest into the Internet', () => {
  const probed = ask('ubuntu1', 'ping -c 1 www.example.com')
  const ping = titled(explained(probed), /^The ping/)

  it('begins with the command and ends with its answer', () => {
    expect(ping.outcome).toBe('answered')
    expect(ping.sentences[0]?.text).toBe('It began with "ping -c 1 www.example.com", command 1, on ubuntu1.')
    expect(ping.sentences.at(-1)?.text).toMatch(/^It was answered: the answer to a ping/)
  })

  it('tells both translations, with the octets that were rewritten and the row', () => {
    const { sightings } = probed.history
    const rewritten = ping.sentences.filter(({ text }) => text.includes('rewrote its source'))
    expect(rewritten.map(({ table }) => [table?.machine, table?.table])).toEqual([
      ['pc', 'nat'],
      ['router', 'nat'],
    ])
    const shown = rewritten.map(({ sequence, bytes }) =>
      [...(sightings.find((seen) => seen.sequence === sequence)?.bytes.subarray(bytes?.from, bytes?.to) ?? [])].join('.'),
    )
    expect(shown).toEqual(['192.168.3.50', '203.0.113.2'])
  })

  it('tells each router with its row and the time to live', () => {
    const hops = ping.sentences.filter(({ text }) => text.includes('forwarded it'))
    expect(hops.map(({ text }) => /from (\d+) to (\d+)/.exec(text)?.slice(1, 3))).toEqual([
      ['64', '63'],
      ['63', '62'],
      ['62', '61'],
    ])
    expect(hops.map(({ table }) => table?.row)).toEqual([
      '0.0.0.0/0 by 192.168.3.1 (dhcp)',
      '0.0.0.0/0 by 203.0.113.1 (static)',
      '192.0.2.0/24 on-link (kernel)',
    ])
  })

  it('tells the whole way through the virtual machine when that is asked for, in its order', () => {
    const whole = texts(titled(explained(probed, { path: true }), /^The ping/))
    const stations = [
      'program ping',
      'network stack',
      'VSC',
      'netvsc',
      'VMBus',
      'VSP',
      'vmswitch.sys',
      'in its table',
      'virtual adapter',
      'I219-LM',
    ]
    const places = stations.map((station) => whole.indexOf(station))
    expect(places.filter((at) => at < 0)).toEqual([])
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(texts(ping)).not.toContain('VMBus')
  })

  it('tells what led to a question deep in the Internet', () => {
    const last = titled(explained(probed), /^The DNS question for www.example.com \(A\) to 192.0.2.53/)
    expect(texts(last)).toContain('ubuntu1 sent the DNS question')
    expect(texts(last)).toContain('That made resolver send this one.')
    expect(last.outcome).toBe('answered')
  })

  it('shows only octets that the frame has', () => {
    const bySequence = new Map(probed.history.sightings.map((seen) => [seen.sequence, seen]))
    for (const { sentences } of explained(probed, { path: true })) {
      for (const { bytes, sequence, packet } of sentences) {
        if (sequence === undefined) continue
        expect(bySequence.get(sequence)?.packet).toBe(packet)
        if (bytes) expect(bySequence.get(sequence)?.bytes.length).toBeGreaterThanOrEqual(bytes.to)
      }
    }
  })
})

describe('what decided', () => {
  const dropped = (name: string, title: RegExp) => titled(explained(planted(name)), title)

  it('is the octet of the time to live', () => {
    const { sentences, outcome } = dropped('time to live too small', /^The ping/)
    expect(outcome).toBe('dropped')
    expect(sentences.find(({ text }) => text.startsWith('The time to live ran out at this hop'))?.bytes).toEqual({
      from: 22,
      to: 23,
    })
  })

  it('is the rule that is missing', () => {
    const { sentences } = dropped('echo rule of the computer', /^The ping/)
    expect(sentences.find(({ table }) => table?.table === 'firewall')?.table?.machine).toBe('pc')
  })

  it('is the socket that is missing, shown by the port', () => {
    const { sentences } = dropped('TCP port closed', /^The TCP segment \(SYN\)/)
    const decided = sentences.find(({ table }) => table?.table === 'sockets')
    expect(decided?.bytes).toEqual({ from: 36, to: 38 })
  })

  it('is the neighbour that does not answer', () => {
    const { sentences } = dropped('desk off', /^The ping/)
    expect(sentences.find(({ table }) => table?.table === 'neighbors')?.text).toContain('Nobody answered the ARP requests')
    expect(sentences.at(-1)?.text).toBe('desk is switched off.')
  })

  it('is the port that no virtual machine has', () => {
    const { sentences } = dropped('permanent wrong neighbour in a guest', /^The ping/)
    expect(sentences.find(({ table }) => table?.table === 'switch')?.bytes).toEqual({ from: 0, to: 6 })
  })

  it('of an answer is told at the answer', () => {
    const reply = dropped('NAT of the router missing', /^The answer to a ping/)
    expect(reply.outcome).toBe('dropped')
    expect(texts(reply)).toContain('untranslated')
  })
})

describe('a tunnel', () => {
  it('is told as one way: in, across and out', () => {
    const ping = titled(explained(planted('intranet off, VPN connected')), /^The ping from 172/)
    expect(texts(ping)).toMatch(/into the tunnel Campus VPN.*wrapped into L2TP.*unwrapped it.*ppp0.*intranet is switched off/s)
  })
})

describe('a history that is not whole', () => {
  const { history, command } = ask('ubuntu1', 'ping -c 1 www.example.com')
  const later = { ...history, sightings: history.sightings.slice(-12) }

  it('says that the packet before is no longer kept', () => {
    const [last] = later.sightings.slice(-1)
    expect(texts(whyPacket(later, last?.packet ?? 0))).toContain('Somebody sent the ping from 203.0.113.2')
    const two = { ...history, sightings: history.sightings.slice(-2) }
    expect(texts(whyPacket(two, last?.packet ?? 0))).toMatch(/^Packet \d+, which led to this one, is no longer kept/m)
    expect(texts(whyPacket(two, last?.packet ?? 0))).toContain('The beginning of its way is no longer kept')
  })

  it('says that a packet is not kept', () => {
    const { outcome, sentences } = whyPacket(later, 1)
    expect([outcome, sentences.length]).toEqual(['unknown', 1])
  })

  it('is explained for every packet and every beginning, without a lab and without a journal', () => {
    const bare = { ...history, lab: undefined, journal: [] }
    const packets = new Set(history.sightings.filter(({ origin }) => origin === command).map(({ packet }) => packet))
    for (let from = 0; from < history.sightings.length; from += 7) {
      const cut = { ...bare, sightings: history.sightings.slice(from) }
      for (const packet of packets) expect(whyPacket(cut, packet, { path: true }).sentences.length).toBeGreaterThan(0)
    }
  })
})

it('reads frames that are cut short or broken without an exception', () => {
  const { history } = ask('pc', 'rasdial "Campus VPN"')
  for (const { bytes, vantage } of history.sightings) {
    const linkType = history.vantages[vantage]?.linkType ?? 'ethernet'
    for (let length = 0; length <= bytes.length; length += 5) {
      const cut = bytes.slice(0, length)
      factsOf(cut, linkType)
      if (length > 20) cut[length - 3] = (cut[length - 3] ?? 0) ^ 0xff
      factsOf(cut, linkType)
    }
  }
})
