import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIp, formatMac, maskOf } from '../../../wire/addresses.ts'
import type { Format } from './definition.ts'
import { isIn, listIn, normal, same } from './formats.ts'

const alike: readonly (readonly [Format, readonly string[]])[] = [
  ['prefix-length', ['/20', '20', '255.255.240.0', ' 20 ', '172.20.0.1/20', '/ 20', '20 bits']],
  ['prefix-length', ['/20', '/20 (255.255.240.0)', '255.255.240.0 = /20', '20-bit', '0xfffff000', 'prefix length: 20', '/20.']],
  ['mac', ['00:15:5d:01:02:0a', '00-15-5D-01-02-0A', '0015.5d01.020a', '00155D01020A', '00 15 5d 01 02 0a']],
  ['mac', ['00:15:5d:01:02:0a', '0:15:5d:1:2:a', '00–15–5D–01–02–0A', 'MAC: 00-15-5D-01-02-0A', 'lladdr 00:15:5d:01:02:0a']],
  ['mac', ['00:15:5d:01:02:0a', 'Physical Address. . . . . . . . . : 00-15-5D-01-02-0A', '00155D-01020A']],
  ['duration', ['24h', '86400', '1 day', '1d', '24:00:00', '1.00:00:00', '23h 60m', '86,400', '86400 s', '1440 minutes']],
  [
    'duration',
    ['24h', 'a day', 'one day', '24 hours (86400 s)', '86400 seconds = 24 h', '1 day, 0:00:00', 'about 24 hours', '24-hour'],
  ],
  ['duration', ['24h', '24:00:00 hours', '24 Hours.', 'Lease: 1 day', '86400sec', '1 day and 0 hours']],
  [
    'subnet',
    ['172.20.0.0/20', '172.20.3.7/20', '172.20.0.0 255.255.240.0', '172.20.0.0/255.255.240.0', '172.20.0.0 mask 255.255.240.0'],
  ],
  [
    'subnet',
    [
      '172.20.0.0/20',
      '172.20.0.0/20 (255.255.240.0)',
      '172.20.0.0 (255.255.240.0)',
      '172.20.0.0, 255.255.240.0',
      '172.20.0.0 / 20',
    ],
  ],
  [
    'subnet',
    ['172.20.0.0/20', 'network 172.20.0.0 with mask 255.255.240.0', '172.20.0.0 - 172.20.15.255', '172.20.0.0 to 172.20.15.255'],
  ],
  ['subnet', ['172.20.0.0/20', 'AddressPrefix : 172.20.0.0/20', '172.20.0.0 subnet mask: 255.255.240.0', '172.20.0.0/20.']],
  ['subnet', ['2001:db8::/32', '2001:DB8:0::/32', '2001:db8::5/32', 'prefix 2001:db8:: / 32']],
  ['address', ['169.254.9.8', '169.254.9.8(Preferred)', '169.254.9.8/16', 'it is 169.254.9.8', '169.254.9.8.']],
  ['address', ['169.254.9.8', 'Autoconfiguration IPv4 Address. . : 169.254.9.8(Preferred)', 'IP = 169.254.9.8']],
  ['address', ['192.168.3.1', ' 192.168.3.1', '192.168.3.1/24', '"192.168.3.1"']],
  ['address', ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:db8::1/64', '2001:db8::1%eth0']],
  ['name', ['www.Example.com', 'www.example.com.', 'WWW.EXAMPLE.COM']],
  ['number', ['1500', '1,500', '1 500', '1500 bytes', '0x5dc', '1500.0']],
  ['yes-no', ['yes', 'True', 'ON', 'enabled', '1']],
  ['text', ['Private', 'private ', '`private`']],
]

describe('values are the same however they are written', () => {
  it.each(alike)('%s: %j', (format, [first, ...others]) => {
    for (const other of others) expect([other, same(format, first as string, other)]).toEqual([other, true])
  })
  it.each([
    ['prefix-length', ['/33x', '255.255.0.255', 'twenty', '/129', '/20 (255.255.0.0)', '0xff00ff00']],
    ['mac', ['00:15:5d:01:02', '00:15:5d:01:02:0g', '00:15:5d:01:02:0a:0b', '000:15:5d:1:02:0a']],
    ['duration', ['soon', '5 fortnights', '', '24 h (3600 s)', '24 h = 24 days']],
    [
      'subnet',
      ['172.20.0.0', '172.20.0.0/40', '172.20.0.0/20 (255.255.0.0)', '172.20.0.0 - 172.20.14.255', '172.20.0.0/20 or 24'],
    ],
    ['address', ['192.168.3', '192.168.3.256', '192.168.3.1 or 192.168.3.2', '192.168.3.1 (192.168.3.2)']],
    ['number', ['many', '1,50', '5 (6)']],
  ] as const)('no %s: %j', (format, texts) => {
    for (const text of texts) expect([text, normal(format, text)]).toEqual([text, undefined])
  })
  it('takes lists in any order and with any separator', () => {
    const wanted = ['10.0.0.1', '10.0.0.2']
    for (const text of [
      '10.0.0.1, 10.0.0.2',
      '10.0.0.2 10.0.0.1',
      '10.0.0.2;10.0.0.1',
      '10.0.0.1 and 10.0.0.2',
      '10.0.0.1,10.0.0.1,10.0.0.2',
    ])
      expect(listIn('address', text)).toEqual(wanted)
    expect(listIn('address', '10.0.0.1, nobody')).toBeUndefined()
  })
  it('brings what it made to the same form again', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), fc.nat(2 ** 48 - 1), (ip, length, mac) => {
        expect(normal('prefix-length', formatIp(maskOf(length)))).toBe(String(length))
        expect(normal('address', formatIp(ip))).toBe(formatIp(ip))
        expect(normal('mac', formatMac(mac, '-').toUpperCase())).toBe(formatMac(mac))
        const subnet = normal('subnet', `${formatIp(ip)}/${length}`) as string
        expect(normal('subnet', subnet)).toBe(subnet)
        expect(isIn(formatIp(ip), subnet)).toBe(true)
      }),
    )
  })
  it('never throws, whatever is typed', () => {
    const formats: readonly Format[] = [
      'text',
      'name',
      'number',
      'prefix-length',
      'address',
      'subnet',
      'mac',
      'duration',
      'yes-no',
      'id',
    ]
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.constantFrom(...formats), (text, format) => {
        const one = normal(format, text)
        if (one !== undefined) expect(normal(format, one)).toBe(one)
        listIn(format, text)
      }),
    )
  })
})
