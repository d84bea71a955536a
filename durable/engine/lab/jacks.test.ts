import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../definition/parse.ts'
import { scriptShells } from '../test-support/script-shell.ts'
import { formatIp, formatMac, MAC_BROADCAST, parseCidr } from '../wire/addresses.ts'
import * as arp from '../wire/arp.ts'
import { newFrame } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import { Lab } from './lab.ts'
import type { StoredLab } from './lab-api.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../definition/fixtures/two-rooms.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { definition } = parsed

const OURS = 0x020000000001
const OTHER = 0x020000000002

function ask(from: number, senderIp: number, targetIp: number): Uint8Array {
  const out = newFrame(ethernet.HEADER_LEN + arp.LEN)
  ethernet.emit(out, MAC_BROADCAST, from, ethernet.TYPE_ARP)
  arp.emit({ op: arp.REQUEST, senderMac: from, senderIp, targetMac: 0, targetIp }, out, ethernet.HEADER_LEN)
  return out
}

function open(stored?: StoredLab) {
  const lab = new Lab(definition, 7, scriptShells, stored)
  const came: string[] = []
  lab.listen((port, bytes) => {
    const read = ethernet.type(bytes) === ethernet.TYPE_ARP ? arp.parse(bytes, 14, bytes.length) : 'other'
    came.push(typeof read === 'string' ? `${port} ${read}` : `${port} ${read.op} ${formatIp(read.senderIp)}`)
  })
  return { lab, came }
}
const live = (port: string, mac: string | null = null) => {
  const made = open()
  expect(made.lab.operate({ do: 'mode', mode: 'live' }, 1).refused).toBeUndefined()
  expect(made.lab.operate({ do: 'plug-in', port, mac }, 2).refused).toBeUndefined()
  return made
}
const last = (lab: Lab) => lab.sightings(lab.nextSighting - 1).at(-1)

describe('ports', () => {
  it('are those of switches, of Hyper-V, and adapters without a cable', () => {
    const ports = open().lab.ports()
    expect(ports.filter(({ on }) => on === 'home').map(({ port, state, link }) => [port, state, link])).toEqual([
      ['home:1', 'cable', 'desk-ethernet-home'],
      ['home:2', 'cable', 'router-lan-home'],
      ['home:3', 'cable', 'hallway-uplink'],
      ...[4, 5, 6, 7, 8].map((n) => [`home:${n}`, 'free', null]),
    ])
    expect(ports.filter(({ kind }) => kind === 'virtual-switch').map(({ port }) => port)).toContain('desk.default-switch:8')
    const bare = definition.cables.filter(({ name }) => name !== 'desk-ethernet-home')
    const without = new Lab({ ...definition, cables: bare }, 7, scriptShells).ports()
    expect(without.find(({ kind }) => kind === 'machine')).toMatchObject({ port: 'desk.ethernet', on: 'desk', state: 'free' })
  })

  it('take one machine, and none where a cable is', () => {
    const { lab } = live('home:5')
    const plug = (port: string, mac: string | null = null) => lab.operate({ do: 'plug-in', port, mac }, 3).refused
    expect(plug('home:5')).toBe('Port home:5 is taken.')
    expect(plug('home:1')).toBe('Port home:1 is taken.')
    expect(plug('home:99')).toBe('There is no port home:99.')
    expect(plug('nowhere:1')).toBe('There is no port nowhere:1.')
    expect(plug('home:6', 'zz')).toBe('zz is not a MAC address.')
    expect(lab.operate({ do: 'plug-out', port: 'home:5' }, 4).refused).toBeUndefined()
    expect(lab.operate({ do: 'plug-out', port: 'home:5' }, 5).refused).toBe('No machine is plugged in at home:5.')
    expect(plug('home:5')).toBeUndefined()
  })

  it('are in the picture while a machine is there', () => {
    const { lab } = live('home:5', '02:00:00:00:00:01')
    const seen = () => lab.topology().nodes.find(({ kind }) => kind === 'real')
    expect(seen()).toMatchObject({ name: 'home:5', addresses: ['02:00:00:00:00:01'] })
    expect(lab.topology().links.find(({ name }) => name === 'real/home:5')).toMatchObject({
      b: 'home',
      bPort: 'port 5',
      up: true,
    })
    lab.operate({ do: 'plug-out', port: 'home:5' }, 3)
    expect(seen()).toBeUndefined()
    expect(lab.topology().links.some(({ name }) => name === 'real/home:5')).toBe(false)
  })
})

describe('a machine from outside', () => {
  it('is answered by the machines of the lab, on a switch and on the Default Switch', () => {
    for (const [port, machine] of [
      ['home:5', 'router'],
      ['desk.default-switch:2', 'desk'],
    ] as const) {
      const { lab, came } = live(port)
      const via = lab
        .kernel(machine)
        ?.interfaces()
        .find(({ name }) => /lan|Default/.test(name))
      const its = parseCidr(`${via?.addresses[0]?.address}/24`)?.address ?? 0
      expect(lab.frame(port, ask(OURS, its + 9, its))).toBeUndefined()
      lab.runTo(lab.now + 1_000_000, 10_000)
      expect(came).toContain(`${port} ${arp.REPLY} ${formatIp(its)}`)
      expect(lab.ports().find((one) => one.port === port)?.mac).toBe('02:00:00:00:00:01')
    }
  })

  it('has one address: the declared one, or that of its first frame, and no other machine’s', () => {
    const { lab } = live('home:5', '02:00:00:00:00:01')
    expect(lab.frame('home:5', ask(OTHER, 1, 2))).toBe('source-mac')
    expect(last(lab)).toMatchObject({ verdict: 'source-mac', direction: 'out' })
    expect(lab.frame('home:5', ask(OURS, 1, 2))).toBeUndefined()
    const first = live('desk.default-switch:1').lab
    const guest = first.switchTable('desk/switch/Default Switch')?.find(({ port }) => port === 'ubuntu-1')?.mac ?? ''
    const stolen = Number.parseInt(guest.replaceAll(':', ''), 16)
    expect(first.frame('desk.default-switch:1', ask(stolen, 1, 2))).toBe('source-mac')
    expect(last(first)?.detail).toBe(`${guest} belongs to ubuntu-1`)
    expect(first.frame('desk.default-switch:1', ask(OURS, 1, 2))).toBeUndefined()
    expect(first.frame('desk.default-switch:1', ask(OTHER, 1, 2))).toBe('source-mac')
    expect(first.operate({ do: 'plug-in', port: 'desk.default-switch:2', mac: guest }, 3).refused).toContain('ubuntu-1')
  })

  it('has several machines behind it where spoofing is on, and answers find each of them', () => {
    for (const port of ['home:5', 'desk.default-switch:1']) {
      const begun = open()
      begun.lab.operate({ do: 'mode', mode: 'live' }, 1)
      expect(begun.lab.operate({ do: 'plug-in', port, mac: null, spoofing: true }, 2).refused).toBeUndefined()
      expect(begun.lab.frame(port, ask(OURS, 0, 1))).toBeUndefined()
      expect(begun.lab.frame(port, ask(OTHER, 0, 2))).toBeUndefined()
      begun.lab.runTo(begun.lab.now + 100_000, 10_000)
      // What was learned survives, and so does that it may be learned.
      const { lab } = open(JSON.parse(JSON.stringify(begun.lab.save())) as StoredLab)
      const heard: string[] = []
      lab.listen((_, bytes) => {
        if (ethernet.type(bytes) === ethernet.TYPE_ARP && (bytes[0] & 1) === 0) heard.push(formatMac(ethernet.dst(bytes)))
      })
      const gateway = port.startsWith('home') ? lab.parts.machines.get('router')?.stack.byName('lan')?.primary?.ip : undefined
      const its =
        gateway ??
        [...(lab.parts.machines.get('desk')?.stack.interfaces.values() ?? [])].find(({ name }) => name.includes('Default Switch'))
          ?.primary?.ip
      if (its === undefined) throw new Error('there is nobody to ask')
      for (const mac of [OURS, OTHER]) expect(lab.frame(port, ask(mac, its - 1 + (mac & 3), its))).toBeUndefined()
      lab.runTo(lab.now + 1_000_000, 10_000)
      expect(new Set(heard)).toEqual(new Set([formatMac(OURS), formatMac(OTHER)]))
      // Unplugged and in again without it, there is one address as ever.
      lab.operate({ do: 'plug-out', port }, 4)
      expect(lab.operate({ do: 'plug-in', port, mac: null }, 5).refused).toBeUndefined()
      expect(lab.frame(port, ask(OURS, 1, 2))).toBeUndefined()
      expect(lab.frame(port, ask(OTHER, 1, 2))).toBe('source-mac')
    }
  })

  it('stands on a private switch that somebody made, and on nothing when that is removed', () => {
    const { lab, came } = live('home:5')
    const hyperV = lab.parts.machines.get('desk')?.hyperV
    const made = hyperV?.board.make('Lab Net', '', { type: 'Private' })
    if (!hyperV || !made || typeof made === 'string') throw new Error('no switch was made')
    const [a, b] = ['desk.lab-net:1', 'desk.lab-net:2']
    for (const port of [a, b]) expect(lab.operate({ do: 'plug-in', port, mac: null }, 3).refused).toBeUndefined()
    const talk = (now: Lab) => {
      now.frame(b, ask(OTHER, 2, 3))
      now.frame(a, ask(OURS, 1, 2))
      now.runTo(now.now + 1_000, 1_000)
    }
    talk(lab)
    expect(came.some((one) => one.startsWith(b))).toBe(true)
    const stored = JSON.parse(JSON.stringify(lab.save())) as StoredLab
    const again = open(stored)
    talk(lab)
    talk(again.lab)
    expect(again.lab.digest()).toBe(lab.digest())
    hyperV.removeSwitch(made)
    expect(lab.frame(a, ask(OURS, 1, 2))).toBe('no-link')
    expect(lab.ports().find(({ port }) => port === a)).toMatchObject({ on: '', state: 'real' })
    const without = open(JSON.parse(JSON.stringify(lab.save())) as StoredLab).lab
    expect(without.frame(a, ask(OURS, 1, 2))).toBe('no-link')
    expect(without.operate({ do: 'plug-out', port: a }, 4).refused).toBeUndefined()
    hyperV.board.make('Lab Net', '', { type: 'Private' })
    lab.operate({ do: 'plug-out', port: a }, 5)
    expect(lab.operate({ do: 'plug-in', port: a, mac: null }, 6).refused).toBeUndefined()
    expect(lab.frame(a, ask(OURS, 1, 2))).toBeUndefined()
  })

  it('sends what is wrong in vain, and the packet list says why', () => {
    const { lab } = live('home:5')
    const frame = (length: number, type = 0x0800) => {
      const out = newFrame(length)
      ethernet.emit(out, MAC_BROADCAST, OURS, type)
      return out
    }
    const wrong: [Uint8Array, string][] = [
      [new Uint8Array(0), '0 bytes: shorter than an Ethernet header'],
      [new Uint8Array(13), '13 bytes: shorter than an Ethernet header'],
      [frame(1515), '1515 bytes: longer than the 1514 that an Ethernet frame has'],
      [frame(1519, 0x8100), '1519 bytes: longer than the 1518 that an Ethernet frame has'],
      [frame(60_000), '60000 bytes: longer than the 1514 that an Ethernet frame has'],
      [frame(60).fill(0xff, 6, 12), 'the source address is a group address'],
      [frame(60).fill(0, 6, 12), 'the source address is zero'],
    ]
    for (const [bytes, detail] of wrong) {
      expect(lab.frame('home:5', bytes)).toBe('malformed')
      expect(last(lab)).toMatchObject({ verdict: 'malformed', detail, length: bytes.length })
    }
    for (const bytes of [frame(14), frame(1514), frame(1518, 0x8100)]) expect(lab.frame('home:5', bytes)).toBeUndefined()
    expect(lab.frame('home:6', frame(60))).toBe('no-link')
    lab.hand({ action: 'unplug', link: 'real/home:5' }, 3)
    expect(lab.frame('home:5', frame(60))).toBe('no-link')
    expect(last(lab)?.verdict).toBe('no-link')
  })

  it('is there again after a restore in the middle, and everything comes out the same', () => {
    const play = (every: number) => {
      let { lab, came } = live('home:8')
      const told: string[] = [...came]
      lab.operate({ do: 'plug-in', port: 'desk.default-switch:3', mac: null }, 3)
      for (let n = 0; n < 40; n++) {
        const port = n % 2 === 0 ? 'home:8' : 'desk.default-switch:3'
        lab.frame(port, ask(OURS + (n % 2), 0xc0a803f0 + (n % 5), 0xc0a80301 + (n % 7)))
        lab.runTo(lab.now + n * 7, 1000)
        told.push(...came.splice(0))
        if (every > 0 && n % every === 0) ({ lab, came } = open(JSON.parse(JSON.stringify(lab.save())) as StoredLab))
      }
      lab.runTo(lab.now + 3_000_000, 100_000)
      return { digest: lab.digest(), told: [...told, ...came], rows: lab.save() }
    }
    const whole = play(0)
    expect(whole.told.length).toBeGreaterThan(2)
    expect(play(1)).toEqual(whole)
    expect(play(7)).toEqual(whole)
  })
})
