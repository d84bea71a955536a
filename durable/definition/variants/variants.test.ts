import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inPrefix, parseCidr, parseIp } from '../../engine/wire/addresses.ts'
import MANY from '../fixtures/variants.yaml'
import DRAWN from '../fixtures/variants-4711.json'
import { faultText, parseDefinition } from '../parse.ts'
import { capacity, classFaults, definitionFaults, variantOf } from './index.ts'

const lab = (variants: string, rest = '', adapters = 'eth0: {}') => `title: Variants
summary: A lab for trying them
variants:
${variants
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
machines:
  a: { os: ubuntu-24.04, adapters: { ${adapters} } }
${rest}`

const values = (yaml: string, seed = 1) => {
  const answer = variantOf(yaml, seed)
  if (!answer.ok) throw new Error(answer.faults.map(faultText).join('\n'))
  return Object.fromEntries(answer.values.map(({ name, value }) => [name, value]))
}
const filled = (yaml: string, text: string, seed = 1) => {
  const answer = variantOf(yaml, seed)
  if (!answer.ok) throw new Error(answer.faults.map(faultText).join('\n'))
  const { text: is, faults } = answer.variant.fill(text)
  return faults.length > 0 ? faults.map(faultText) : is
}
const wrong = (yaml: string, seed = 1) => {
  const parsed = parseDefinition(yaml, seed)
  return parsed.ok ? [] : parsed.faults.map(faultText)
}

describe('variants', () => {
  it('are drawn within their ranges, each with the members of its kind', () => {
    for (let seed = 0; seed < 300; seed++) {
      const is = values(MANY, seed)
      const net = parseCidr(is.net) as { address: number; prefixLength: number }
      expect(net.prefixLength).toBe(24)
      expect([is.net.startsWith('10.'), is.net.startsWith('10.99.')]).toEqual([true, false])
      const [server, client] = [parseIp(is.server) as number, parseIp(is.client) as number]
      for (const host of [server, client]) expect(inPrefix(host, net.address, 24)).toBe(true)
      expect(server).not.toBe(client)
      expect((server & 255) >= 10 && (server & 255) <= 60 && (server & 255) !== 30).toBe(true)
      expect(is.fixed).toMatch(/^192\.168\.3\.2[012]\d$/)
      expect(is.fixed).not.toBe('192.168.3.210')
      expect([Number(is.port) % 10, is.port === '8080']).toEqual([0, false])
      expect(is.word).not.toBe(is.other)
      expect(is.card).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/)
    }
  })

  it('reach every value of a range', () => {
    const small = lab(`n: { draw: number, from: 3, to: 9, except: [4, 8] }
h: { draw: host, of: 10.0.0.0/29, except: [1, 10.0.0.6] }
net: { draw: network, of: 172.16.0.0/14, length: 16, except: [172.17.4.0/24] }
f: { draw: overlay, of: { x: { title: X }, y: { title: Y } } }`)
    const seen = new Map<string, Set<string>>()
    for (let seed = 0; seed < 500; seed++)
      for (const [name, value] of Object.entries(values(small, seed))) seen.set(name, (seen.get(name) ?? new Set()).add(value))
    expect(Object.fromEntries([...seen].map(([name, of]) => [name, [...of].sort()]))).toEqual({
      n: ['3', '5', '6', '7', '9'],
      h: ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'],
      net: ['172.16.0.0/16', '172.18.0.0/16', '172.19.0.0/16'],
      f: ['x', 'y'],
    })
    expect(capacity(small)).toBe(5 * 4 * 3 * 2)
  })

  // The same figures are asked for in workerd (durable/variants.test.ts).
  it('are the same for the same seed, whoever draws them', () => {
    expect(values(MANY, 4711)).toEqual(DRAWN)
    expect(values(MANY, 4711)).toEqual(values(MANY, 4711))
    const more = MANY.replace('variants:\n', 'variants:\n  zero: { draw: number, from: 1, to: 9 }\n')
    const { zero, ...rest } = values(more, 4711)
    expect([zero?.length, rest]).toEqual([1, values(MANY, 4711)])
  })

  it('are called by their members', () => {
    const yaml = lab(`net: { draw: network, of: 10.4.7.0/24, length: 24 }
h: { draw: host, of: net, from: 23, to: 23 }
n: { draw: number, from: 7, to: 7 }
w: { draw: name, of: [heron] }
p: { draw: one, of: [{ path: /a, text: 'at {{h}}' }] }
f: { draw: overlay, of: { dns: { title: Wrong DNS server, words: { short: 'DNS of {{h}}' } } } }`)
    expect(filled(yaml, '{{net}} {{net.network}} {{net.length}} {{net.mask}} {{net.first}} {{net.last}} {{net.broadcast}}')).toBe(
      '10.4.7.0/24 10.4.7.0 24 255.255.255.0 10.4.7.1 10.4.7.254 10.4.7.255',
    )
    expect(filled(yaml, '{{ net.host(10) }} {{net.octets(3)}}.* {{net.wildcard}} {{net.prefix}}')).toBe(
      '10.4.7.10 10.4.7.* 0.0.0.255 10.4.7.0/24',
    )
    expect(filled(yaml, '{{h}} {{h.cidr}} {{h.number}} {{h.octet(4)}} {{h.reverse}} {{h.network}}')).toBe(
      '10.4.7.23 10.4.7.23/24 23 23 23.7.4.10.in-addr.arpa 10.4.7.0',
    )
    expect(filled(yaml, '{{n}} {{n.plus(3)}} {{w}} {{w.upper}} {{w.title}} {{p.text}} {{f}}: {{f.title}} ({{f.short}})')).toBe(
      '7 10 heron HERON Heron at 10.4.7.23 dns: Wrong DNS server (DNS of 10.4.7.23)',
    )
  })

  it('are filled in everywhere, in keys too, and a number stays a number', () => {
    const yaml = lab(
      `n: { draw: number, from: 4, to: 4 }
sw: { draw: name, of: [heron] }
h: { draw: host, of: 10.4.7.0/24, from: 9, to: 9 }`,
      `switches: { '{{sw}}': { label: 'Switch {{sw.title}}' } }
cables: [{ between: [a/eth0, '{{sw}}'] }]
prepare: ['a> ping -c {{n}} {{h}}']
checks:
  - { id: one, check: reaches, machine: a, target: '{{h}}', points: '{{n}}', title: 'a reaches {{h}}', hint: 'Is {{h}} there?' }`,
      `eth0: { address: '{{h.cidr}}', metric: '{{n}}' }`,
    )
    const parsed = parseDefinition(yaml)
    if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
    const { definition } = parsed
    expect(definition.machines[0].adapters[0]).toMatchObject({ address: '10.4.7.9/24', metric: 4 })
    expect(definition.switches).toEqual([{ name: 'heron', label: 'Switch Heron', ssid: '' }])
    expect(definition.prepare).toEqual([{ machine: 'a', line: 'ping -c 4 10.4.7.9' }])
    expect(definition.checks[0]).toMatchObject({ points: 4, title: 'a reaches 10.4.7.9', verb: { target: '10.4.7.9' } })
  })

  it('lay an overlay over the file', () => {
    const yaml = lab(
      `f:
  draw: overlay
  of:
    gateway:
      title: No gateway
      machines: { a: { adapters: { eth0: { gateway: null } }, dnsServers: [8.8.8.8] } }
      prepare: ['a> echo two']
      checks: [{ id: two, check: reaches, machine: a, target: 8.8.8.8, title: '{{f.title}}', hint: Look }]`,
      `prepare: ['a> echo one']`,
      'eth0: { address: 10.0.0.2/24, gateway: 10.0.0.1 }',
    )
    const parsed = parseDefinition(yaml)
    if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
    expect(parsed.definition.machines[0]).toMatchObject({
      dnsServers: ['8.8.8.8'],
      adapters: [{ address: '10.0.0.2/24', gateway: '' }],
    })
    expect(parsed.definition.prepare?.map(({ line }) => line)).toEqual(['echo one', 'echo two'])
    expect(parsed.definition.checks.map(({ title }) => title)).toEqual(['No gateway'])
  })

  it('leave a file without declarations as it is', () => {
    const yaml = 'title: "{{x}}"\nsummary: s\nmachines: { a: { os: ubuntu-24.04 } }\n'
    expect(parseDefinition(yaml)).toMatchObject({ ok: true, definition: { title: '{{x}}' } })
    expect([capacity(yaml), classFaults(yaml, 500)]).toEqual([1, []])
  })
})

describe('variants are refused with line and field', () => {
  it.each([
    ['unknown kind', 'a: { draw: card }', 'line 4: variants.a.draw is missing or not one of the known kinds'],
    ['unknown field', 'a: { draw: name, off: 3 }', 'line 4: variants.a.off is not a known field'],
    [
      'bits beyond',
      'a: { draw: network, of: 10.0.0.1/8, length: 24 }',
      'line 4: variants.a.of must be a network such as 10.0.0.0/8',
    ],
    [
      'too large',
      'a: { draw: network, of: 10.0.0.0/16, length: 12 }',
      'line 4: variants.a.length is larger than the pool 10.0.0.0/16',
    ],
    [
      'unknown network',
      'a: { draw: host, of: net }',
      'line 4: variants.a.of must be the name of a network that is drawn here, or a network such as 192.168.3.0/24',
    ],
    [
      'no hosts',
      'a: { draw: host, of: 10.0.0.0/24, to: 300 }',
      'line 4: variants.a.to a network of length 24 has hosts 1 to 254',
    ],
    ['backwards', 'a: { draw: number, from: 9, to: 3 }', 'line 4: variants.a.to comes before `from`'],
    ['nothing left', 'a: { draw: number, from: 3, to: 4, except: [3, 4] }', 'line 4: variants.a leaves nothing to draw'],
    [
      'multicast card',
      "a: { draw: mac, of: '01:00:5e' }",
      'line 4: variants.a.of must be the first three octets of the address of one adapter, such as 00:15:5d',
    ],
    ['unknown name', "a: { draw: one, of: ['{{b}}'] }", 'line 4: variants.a.of no value is named b'],
    [
      'circle',
      "a: { draw: one, of: ['{{b}}'] }\nb: { draw: one, of: ['{{a}}'] }",
      'line 4: variants.a is drawn by use of itself: a uses b uses a',
    ],
    [
      'pools',
      'a: { draw: network, of: 10.0.0.0/8, length: 24 }\nb: { draw: network, of: 10.4.0.0/16, length: 24 }',
      'line 5: variants.b.of overlaps the pool of a: the same network could be drawn for both',
    ],
    [
      'same hosts',
      'a: { draw: host, of: 10.0.0.0/24, to: 20 }\nb: { draw: host, of: 10.0.0.0/24, from: 20 }',
      'line 5: variants.b could be the same host as a: give them ranges of their own, or write `except: [a]`',
    ],
    [
      'an overlay that speaks of itself',
      "a: { draw: overlay, of: { x: { title: '{{a}}' } } }",
      'line 4: variants.a is drawn by use of itself: a uses a',
    ],
    [
      'other fields',
      'a: { draw: one, of: [{ x: 1 }, { y: 2 }] }',
      'line 4: variants.a.of[1] must have the same fields as the first one: x',
    ],
    [
      'names used up',
      'a: { draw: name, of: [heron] }\nb: { draw: name, of: [heron] }',
      'line 5: variants.b leaves nothing to draw',
    ],
    ['not a list', 'a: { draw: one, of: 3 }', 'line 4: variants.a.of must be a list'],
  ])('%s', (_, variants, fault) => {
    expect(wrong(lab(variants))).toEqual([fault])
  })

  it.each([
    ['{{b}}', 'line 7: prepare[0] {{b}} stands for nothing: no value is named b'],
    ['{{n.first}}', 'line 7: prepare[0] {{n.first}} stands for nothing: n has the members text, plus(N), minus(N)'],
    ['{{n.plus}}', 'line 7: prepare[0] {{n.plus}} needs a number: {{n.plus(1)}}'],
    ['{{n.text(3)}}', 'line 7: prepare[0] {{n.text(3)}} takes no number: write {{n.text}}'],
    [
      '{{n + 1}}',
      'line 7: prepare[0] {{n + 1}} is not a placeholder: it must be a name, or a name with a member such as {{net.host(10)}}',
    ],
    ['{{n', 'line 7: prepare[0] {{ is not closed by }}'],
  ])('%s', (text, fault) => {
    expect(wrong(lab('n: { draw: number, from: 1, to: 9 }', `prepare: ['a> echo ${text}']`))).toEqual([fault])
  })

  it('what the schema and the references find, where it stands in the file', () => {
    const yaml = lab(
      `n: { draw: number, from: 4, to: 4 }
f:
  draw: overlay
  of:
    x:
      title: X
      prepare: ['b> echo']
      checks:
        - { id: c, check: reaches, machine: a, target: x, points: many, title: t, hint: h }
      machines: { a: { adapters: { 'eth{{n}}': { address: here } } } }`,
      `cables: [{ between: [a/eth0, '{{n.text}}'] }]`,
    )
    expect(wrong(yaml)).toEqual([
      'line 12: variants.f.of.x.checks[0].points must be a number',
      'line 13: variants.f.of.x.machines.a.adapters["eth{{n}}"].address must be an IPv4 address with a prefix length, such as 192.168.3.1/24',
      'line 16: cables[0].between[1] must be `machine/adapter`, or the name of a switch (filled in, it is `4`)',
    ])
    const references = yaml
      .replace('points: many', 'points: 2')
      .replace('address: here', 'address: dhcp')
      .replace('{{n.text}}', 'b{{n}}')
    expect(wrong(references)).toEqual([
      'line 10: variants.f.of.x.prepare[0] no machine is named b',
      'line 16: cables[0].between[1] no switch is named b4 (filled in, it is `b4`)',
    ])
  })

  it('a range too small for the class', () => {
    const yaml = lab('n: { draw: number, from: 1, to: 24 }')
    expect(classFaults(yaml, 24)).toEqual([])
    expect(classFaults(yaml, 25).map(faultText)).toEqual([
      'line 3: variants there are only 24 different variants, too few for a class of 25: declare wider ranges',
    ])
  })

  it('whichever overlay the mistake is in', () => {
    const yaml = lab(`f:
  draw: overlay
  of:
    x: { title: X }
    y: { title: Y, prepare: ['nobody> x'] }
    z: { title: Z, prepare: ['a> {{q}}'] }`)
    expect(definitionFaults(yaml).map(faultText)).toEqual([
      'line 8: variants.f.of.y.prepare[0] no machine is named nobody',
      'line 9: variants.f.of.z.prepare[0] {{q}} stands for nothing: no value is named q',
    ])
    expect(definitionFaults(MANY)).toEqual([])
  })

  it('in the brief, by its line', () => {
    expect(filled(MANY, 'one\ntwo {{nett}}')).toEqual(['line 2: {{nett}} stands for nothing: no value is named nett'])
  })
})

it('never throws, whatever stands in the block', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 0xffff_ffff }), (block, seed) => {
      const yaml = `title: t\nsummary: s\nvariants: ${JSON.stringify(block)}\nmachines: { a: { os: ubuntu-24.04 } }\n`
      parseDefinition(yaml, seed)
      capacity(yaml)
      definitionFaults(yaml)
    }),
  )
})
