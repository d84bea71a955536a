// What students write when they know it, and what they write when they do not: exact comparison that refuses right answers is what
// teachers complain of most.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { faultText } from '../durable/definition/parse.ts'
import { variantOf } from '../durable/definition/variants/index.ts'
import { broadcastOf, formatIp, maskOf, networkOf, parseIp } from '../durable/engine/wire/addresses.ts'
import { openRuntime } from '../durable/runtime.ts'
import { scriptFor } from '../durable/walk/for-variant.ts'
import { Walk } from '../durable/walk/walk.ts'

type Ways = (right: string) => readonly string[]

const split = (subnet: string) => {
  const [address = '', length = ''] = subnet.split('/')
  const bits = Number(length)
  const network = networkOf(parseIp(address) as number, bits)
  return {
    network: formatIp(network),
    first: formatIp(network + 1),
    last: formatIp(broadcastOf(network, bits)),
    bits,
    mask: formatIp(maskOf(bits)),
  }
}

const subnets: Ways = (right) => {
  const { network, first, last, bits, mask } = split(right)
  return [
    ...[
      `${network}/${bits}`,
      ` ${network}/${bits} `,
      `${network} /${bits}`,
      `${network} / ${bits}`,
      `"${network}/${bits}"`,
      `${network}/${bits}.`,
    ],
    ...[
      `${first}/${bits}`,
      `${last}/${bits}`,
      `${network}/${mask}`,
      `${network} ${mask}`,
      `${network}, ${mask}`,
      `${network} (${mask})`,
    ],
    ...[`${network} mask ${mask}`, `${network} netmask ${mask}`, `${network} with mask ${mask}`, `${network}/${bits} (${mask})`],
    ...[`Network ${network}, subnet mask ${mask}`, `AddressPrefix : ${network}/${bits}`, `it is ${network}/${bits}`],
    ...[`${network} - ${last}`, `${network}–${last}`, `${network} to ${last}`, `${network}, prefix length ${bits}`],
  ]
}
const otherSubnets: Ways = (right) => {
  const { network, last, bits, mask } = split(right)
  const beside = formatIp(((parseIp(last) as number) + 1) % 2 ** 32)
  return [
    `${network}/24`,
    `${network}/${bits + 1}`,
    network,
    `${beside}/${bits}`,
    mask,
    `/${bits}`,
    `${network} - ${network}`,
    `${network}/${bits} or ${beside}/${bits}`,
  ]
}

const macs: Ways = (right) => {
  const octets = (right.toLowerCase().match(/[0-9a-f]{2}/g) ?? []) as string[]
  const [dashes, colons, bare] = [octets.join('-'), octets.join(':'), octets.join('')]
  const dots = (bare.match(/.{4}/g) ?? []).join('.')
  const short = octets.map((one) => one.replace(/^0/, '')).join(':')
  return [
    ...[dashes, colons, bare, dots, short, dashes.toUpperCase(), colons.toUpperCase(), bare.toUpperCase(), dots.toUpperCase()],
    ...[
      octets.join(' '),
      ` ${colons} `,
      `"${dashes}"`,
      `${colons}.`,
      `MAC ${colons}`,
      `mac address: ${dashes}`,
      `lladdr ${colons}`,
    ],
    ...[
      octets.join('‑'),
      octets.join('–'),
      `Physical Address. . . . . . . . . : ${dashes.toUpperCase()}`,
      `MAC = ${colons}`,
      `${colons} (${dashes})`,
    ],
  ]
}
const otherMacs: Ways = (right) => [
  right.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
  right.slice(0, -3),
  `${right}:00`,
  '00:00:00:00:00:00',
  'the router',
]

const days: Ways = () => [
  ...[
    '86400',
    '86,400',
    '86 400',
    '86400 s',
    '86400s',
    '86400 sec',
    '86400 seconds',
    '24h',
    '24 h',
    '24 hours',
    '24 Hours',
    '24-hour',
  ],
  ...[
    '1d',
    '1 day',
    'a day',
    'one day',
    '1440 minutes',
    '1440 min',
    '24:00:00',
    '1.00:00:00',
    '1 day, 0:00:00',
    '24 hours (86400 s)',
  ],
  ...['86400 seconds = 24 hours', 'about 24 hours', '24 hours.', '1 day and 0 hours', 'Lease time: 1 day'],
]
const otherDays: Ways = () => [
  '12 hours',
  '24',
  '86400 hours',
  '24 days',
  '1 week',
  '7200',
  'for ever',
  '24 h (7200 s)',
  '-86400',
]

const owners: Ways = () => [
  ...[
    'SharedAccess',
    'sharedaccess',
    'SHAREDACCESS',
    ' SharedAccess ',
    '"SharedAccess"',
    '`SharedAccess`',
    'SharedAccess.',
    'ICS',
    'ics',
  ],
  ...['Internet Connection Sharing', 'internet connection sharing', 'Internet Connection Sharing (ICS)', 'SharedAccess (ICS)'],
  ...['SharedAccess (svchost.exe)', 'SharedAccess [svchost.exe]', 'svchost.exe (SharedAccess)', 'SharedAccess service'],
  ...[
    'the SharedAccess service',
    'SharedAccess (Internet Connection Sharing)',
    'Internet  Connection  Sharing',
    '“SharedAccess”',
  ],
]
const otherOwners: Ways = () => ['Dnscache', 'svchost.exe', 'svchost', 'DNS', 'Dhcp', 'System', 'Hyper-V', 'nobody', 'Shared']

const addresses: Ways = (right) => [
  ...[
    right,
    ` ${right} `,
    `${right}/16`,
    `"${right}"`,
    `${right}.`,
    `${right}(Preferred)`,
    `${right} (Preferred)`,
    `\`${right}\``,
  ],
  ...[
    `Autoconfiguration IPv4 Address. . : ${right}(Preferred)`,
    `IPAddress : ${right}`,
    `IPAddress         : ${right}`,
    `it is ${right}`,
  ],
  ...[
    `IP: ${right}`,
    `IP = ${right}`,
    `${right}%12`,
    `“${right}”`,
    `'${right}'`,
    `Address is ${right}`,
    `inet: ${right}/16`,
    `${right}\t`,
  ],
]
const otherAddresses: Ways = (right) => [
  right.replace(/\d$/, (digit) => `${(Number(digit) + 1) % 10}`),
  '169.254.0.0/16',
  '169.254',
  '0.0.0.0',
  '127.0.0.1',
  'none',
]

const asked: readonly (readonly [lab: string, check: string, right: Ways, wrong: Ways])[] = [
  ['default-switch-detective', 'subnet', subnets, otherSubnets],
  ['default-switch-detective', 'subnet-after', subnets, otherSubnets],
  ['default-switch-detective', 'gateway-mac', macs, otherMacs],
  ['default-switch-detective', 'lease', days, otherDays],
  ['default-switch-detective', 'owner', owners, otherOwners],
  ['dhcp-by-hand', 'auto', addresses, otherAddresses],
  ['one-way-traffic', 'where', macs, otherMacs],
]

const SEED = 4711

/** The lab as it is when its own solution was played. */
function solved(slug: string): Walk {
  const read = (...path: readonly string[]) => readFileSync(join(import.meta.dirname, slug, ...path), 'utf8')
  const yaml = read('lab.yaml')
  const [variant, opened] = [variantOf(yaml, SEED), openRuntime(yaml, SEED)]
  if (!variant.ok || !opened.ok)
    throw new Error([variant, opened].flatMap((one) => (one.ok ? [] : one.faults.map(faultText))).join('\n'))
  return new Walk(opened.lab).play(scriptFor(read('solutions', 'walk.script'), variant.variant).steps)
}

const walks = new Map<string, Walk>()
beforeAll(() => {
  for (const [slug] of asked) if (!walks.has(slug)) walks.set(slug, solved(slug))
})

function judge(slug: string, id: string, value: string, when: 'then' | 'at the end') {
  const walk = walks.get(slug) as Walk
  const check = walk.lab.definition.checks.find((one) => one.id === id)
  const given = walk.answers.find((one) => one.check === id)
  if (check === undefined || given === undefined) throw new Error(`${slug} has no ${id}`)
  const answer = when === 'then' ? { ...given, value } : { ...given, value, at: walk.lab.now, noted: walk.lab.noted(check) }
  return walk.lab.grade([check], { ...walk.material(), answers: [answer] })[0]?.outcome
}

describe.each(asked)('%s: %s', (slug, id, right, wrong) => {
  const told = () => walks.get(slug)?.answers.find((one) => one.check === id)?.value ?? ''
  it('is right in every way to write it', () => {
    const ways = right(told())
    expect(new Set(ways).size).toBeGreaterThanOrEqual(20)
    expect(ways.filter((value) => judge(slug, id, value, 'then') !== 'pass')).toEqual([])
  })
  it('is wrong when it is wrong', () => {
    expect(wrong(told()).filter((value) => judge(slug, id, value, 'then') !== 'fail')).toEqual([])
  })
  it('may be answered when all is done', () => {
    expect(judge(slug, id, told(), 'at the end')).toBe('pass')
  })
})

it('the address of before is not the one that came after it', () => {
  const walk = walks.get('dhcp-by-hand') as Walk
  const [leased] =
    walk.lab
      .kernel('client')
      ?.interfaces()
      .find(({ name }) => name === 'Ethernet 2')?.addresses ?? []
  expect(leased?.origin).toBe('dhcp')
  expect(judge('dhcp-by-hand', 'auto', leased?.address ?? '', 'at the end')).toBe('fail')
})
