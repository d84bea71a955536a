import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as a from './addresses.ts'
import { ascii, fromHex, hex, printable, put48, putAscii, u48 } from './bytes.ts'

describe('IPv4 addresses', () => {
  it('are unsigned numbers', () => {
    expect(a.parseIp('192.168.1.1')).toBe(0xc0a80101)
    expect(a.formatIp(0xffffffff)).toBe('255.255.255.255')
    for (const bad of ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4 ', 'a.b.c.d'])
      expect(a.parseIp(bad)).toBeUndefined()
    fc.assert(fc.property(fc.nat({ max: 0xffffffff }), (ip) => a.parseIp(a.formatIp(ip)) === ip))
  })

  it('know prefixes', () => {
    expect([0, 1, 20, 31, 32].map((n) => a.formatIp(a.maskOf(n)))).toEqual([
      '0.0.0.0',
      '128.0.0.0',
      '255.255.240.0',
      '255.255.255.254',
      '255.255.255.255',
    ])
    for (let n = 0; n <= 32; n++) expect(a.prefixOf(a.maskOf(n))).toBe(n)
    expect(a.prefixOf(0xff00ff00)).toBe(-1)
    const { address, prefixLength } = a.parseCidr('172.27.163.10/20') ?? { address: 0, prefixLength: 0 }
    expect(a.formatIp(a.networkOf(address, prefixLength))).toBe('172.27.160.0')
    expect(a.formatIp(a.broadcastOf(address, prefixLength))).toBe('172.27.175.255')
    expect([a.inPrefix(address, 0xac1ba000, 20), a.inPrefix(address, 0xac1bb000, 20), a.inPrefix(address, 0, 0)]).toEqual([
      true,
      false,
      true,
    ])
    expect([a.parseCidr('10.0.0.0/33'), a.parseCidr('10.0.0.0'), a.parseCidr('10.0.0/8')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('know special ranges', () => {
    expect([a.isMulticastIp(0xe00000fb), a.isMulticastIp(0xf0000000), a.isLinkLocalIp(0xa9fe0101)]).toEqual([true, false, true])
    expect(a.formatMac(a.multicastMac(0xefffffff))).toBe('01:00:5e:7f:ff:ff')
  })
})

describe('MAC addresses', () => {
  it('have the spellings of each system', () => {
    const mac = 0xfc155d00e501
    expect([a.formatMac(mac), a.formatMacWindows(mac), a.formatMacBare(mac)]).toEqual([
      'fc:15:5d:00:e5:01',
      'FC-15-5D-00-E5-01',
      'FC155D00E501',
    ])
    for (const text of ['fc:15:5d:00:e5:01', 'FC-15-5D-00-E5-01', 'fc15.5d00.e501', 'FC155D00E501'])
      expect(a.parseMac(text)).toBe(mac)
    for (const bad of ['fc:15:5d:00:e5', 'fc:15-5d:00:e5:01', 'FC155D00E50', 'gc155d00e501'])
      expect(a.parseMac(bad)).toBeUndefined()
    expect([a.isGroupMac(a.MAC_BROADCAST), a.isGroupMac(a.multicastMac(0xe0000016)), a.isGroupMac(mac)]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('fit 48 bits of a frame', () => {
    const b = new Uint8Array(8)
    put48(b, 1, a.MAC_BROADCAST - 1)
    expect([hex(b, 0, 8), u48(b, 1)]).toEqual(['00fffffffffffe00', a.MAC_BROADCAST - 1])
  })
})

describe('IPv6 addresses', () => {
  it('are told as RFC 5952 recommends', () => {
    const cases = [
      ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['0:0:0:0:0:0:0:0', '::'],
      ['FE80::0001', 'fe80::1'],
      ['1:0:0:0:0:0:0:0', '1::'],
      ['::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
      ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ]
    for (const [text, told] of cases) expect(a.formatIp6(a.parseIp6(text) as a.Ip6)).toBe(told)
    for (const bad of [
      '',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      '1.2.3.4::',
      '::g',
      '1:2:3:4:5:6:7::8',
    ]) {
      expect(a.parseIp6(bad)).toBeUndefined()
    }
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (b) => hex(a.ip6Bytes(a.parseIp6(a.formatIp6(a.readIp6(b, 0))) ?? 0n), 0, 16) === hex(b, 0, 16),
      ),
    )
  })

  it('have a zone where there is one', () => {
    expect(a.parseScopedIp6('fe80::1%eth0')).toEqual({ ip: 0xfe80n * (1n << 112n) + 1n, zone: 'eth0' })
    expect(a.parseScopedIp6('::1')).toEqual({ ip: 1n, zone: '' })
    for (const bad of ['fe80::1%', '%7', 'fe80::%g::%1', ''])
      expect(a.parseScopedIp6(bad)?.zone ?? 'none').toBe(bad === 'fe80::%g::%1' ? 'g::%1' : 'none')
  })

  it('are told apart from those of IPv4, and parsed alike', () => {
    expect(a.parseAddress('192.0.2.1')).toBe(0xc0000201)
    expect(a.parseAddress('2001:db8::1')).toBe((0x20010db8n << 96n) + 1n)
    expect(a.parseAddress('nonsense')).toBeUndefined()
    for (const text of ['192.0.2.1', '2001:db8::1']) expect(a.formatAddress(a.parseAddress(text) as a.IpAddress)).toBe(text)
  })

  it('belong to prefixes and scopes', () => {
    const ip = (text: string) => a.parseIp6(text) as a.Ip6
    expect(a.formatIp6(a.networkOf6(ip('2001:db8:1:2:3:4:5:6'), 60))).toBe('2001:db8:1::')
    expect(a.maskOf6(0)).toBe(0n)
    expect(a.formatIp6(a.maskOf6(128))).toBe('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
    expect([a.inPrefix6(ip('2001:db8::9'), ip('2001:db8::'), 64), a.inPrefix6(ip('2001:db9::'), ip('2001:db8::'), 32)]).toEqual([
      true,
      false,
    ])
    expect([a.isLinkLocalIp6(ip('febf::1')), a.isLinkLocalIp6(ip('fec0::1'))]).toEqual([true, false])
    expect([a.isUniqueLocalIp6(ip('fd00::1')), a.isUniqueLocalIp6(ip('fe00::1'))]).toEqual([true, false])
    expect([a.isMulticastIp6(ip('ff05::2')), a.multicastScope(ip('ff05::2'))]).toEqual([true, 5])
    expect(a.formatIp6(a.solicitedNode(ip('fe80::215:5dff:fe00:e501')))).toBe('ff02::1:ff00:e501')
    expect(a.formatMac(a.multicastMac6(ip('ff02::1:ff00:e501')))).toBe('33:33:ff:00:e5:01')
    expect(a.mappedIp4(a.mapIp4(0xc0000201))).toBe(0xc0000201)
    expect(a.parseCidr6('fd00::1/64')).toEqual({ address: ip('fd00::1'), prefixLength: 64 })
    expect(a.parseCidr6('fd00::1/129')).toBeUndefined()
  })

  it('come from a MAC address', () => {
    expect(a.formatIp6(a.eui64LinkLocal(0x00155d00e501))).toBe('fe80::215:5dff:fe00:e501')
    expect(a.formatIp6(a.eui64LinkLocal(0xfeffffffffff))).toBe('fe80::fcff:ffff:feff:ffff')
  })
})

describe('bytes', () => {
  it('carry text both ways and make it safe to show', () => {
    const b = new Uint8Array(4)
    putAscii(b, 0, 'a\u00ff\u001b\u2192')
    expect(hex(b, 0, 4)).toBe('61ff1b3f')
    expect(printable(ascii(b, 0, 4))).toBe('a\u00ff.?')
    expect([...fromHex('0a 0b')]).toEqual([10, 11])
  })
})
