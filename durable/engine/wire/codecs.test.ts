// Known octets: from RFCs, from smoltcp's tests and from captures of real systems.
import { describe, expect, it } from 'vitest'
import { parseIp, parseMac } from './addresses.ts'
import * as arp from './arp.ts'
import { equalBytes, fromHex, hex } from './bytes.ts'
import { add, adjust16, adjust32, fold } from './checksum.ts'
import * as dhcp from './dhcp.ts'
import * as dns from './dns.ts'
import * as icmp from './icmp.ts'
import * as igmp from './igmp.ts'
import * as ipv4 from './ipv4.ts'
import * as l2tp from './l2tp.ts'
import * as ppp from './ppp.ts'
import * as tcp from './tcp.ts'
import * as udp from './udp.ts'
import * as vlan from './vlan.ts'

const ip = (text: string): number => parseIp(text) ?? -1

describe('checksum', () => {
  it('sums the example of RFC 1071 section 3', () => {
    const b = fromHex('0001 f203 f4f5 f6f7')
    expect(fold(add(0, b, 0, b.length))).toBe(~0xddf2 & 0xffff)
  })

  it('pads an odd octet', () => {
    const b = fromHex('0001f2')
    expect(fold(add(0, b, 0, 3))).toBe(~(0x0001 + 0xf200) & 0xffff)
  })

  it('updates as the example of RFC 1624 section 4', () => {
    // Equation 2 would give 0xffff here.
    expect(adjust16(0xdd2f, 0x5555, 0x3285)).toBe(0x0000)
  })

  it('updates to what a whole sum gives', () => {
    const b = fromHex('45000028123440004006 0000 c0a8320a c0a83201')
    ipv4.fixChecksum(b, 0)
    const before = ipv4.sum(b, 0)
    ipv4.setSrc(b, 0, ip('203.0.113.7'))
    ipv4.fixChecksum(b, 0)
    expect(adjust32(before, ip('192.168.50.10'), ip('203.0.113.7'))).toBe(ipv4.sum(b, 0))
  })

  it('holds 64 KiB of ones', () => {
    const b = new Uint8Array(65534).fill(0xff)
    expect(fold(add(0x3fffc, b, 0, b.length))).toBe(fold(0x3fffc))
  })
})

describe('ipv4', () => {
  // The example every text on the header checksum works through; its datagram is cut to the header here.
  const octets = fromHex('45000073000040004011b861c0a80001c0a800c7')
  octets[3] = 20
  ipv4.fixChecksum(octets, 0)

  it('sums the well-known example', () => {
    const b = fromHex('45000073000040004011b861c0a80001c0a800c7')
    expect(ipv4.checksumOk(b, 0)).toBe(true)
    ipv4.fixChecksum(b, 0)
    expect(ipv4.sum(b, 0)).toBe(0xb861)
    expect(ipv4.parse(b, 0, 20)).toBe('ipv4: bad total length')
  })

  it('reads what it wrote', () => {
    const b = new Uint8Array(28)
    const header = { src: 1, dst: 0xfffffffe, protocol: 17, ttl: 64, id: 0xbeef, dontFragment: false, tos: 0xc0 }
    ipv4.emit({ ...header, moreFragments: true, fragmentOffset: 1480 }, 8, b, 0)
    expect(ipv4.parse(b, 0, 28)).toMatchObject({ ...header, moreFragments: true, fragmentOffset: 1480, headerLen: 20 })
    expect([ipv4.flagsAndOffset(b, 0), ipv4.totalLen(b, 0)]).toEqual([0x2000 | 185, 28])
  })

  it('keeps the checksum right through what a router and a NAT change', () => {
    const b = Uint8Array.from(octets)
    expect(ipv4.decrementTtl(b, 0)).toBe(63)
    expect(ipv4.checksumOk(b, 0)).toBe(true)
    ipv4.rewriteSrc(b, 0, ip('255.255.255.255'))
    ipv4.rewriteDst(b, 0, 0)
    expect(ipv4.checksumOk(b, 0)).toBe(true)
    expect([ipv4.src(b, 0), ipv4.dst(b, 0)]).toEqual([0xffffffff, 0])
    for (let i = 0; i < 300; i++) ipv4.decrementTtl(b, 0)
    expect(ipv4.checksumOk(b, 0)).toBe(true)
  })

  it('says why it refuses', () => {
    const changed = (at: number, v: number) => Uint8Array.from(octets, (b, i) => (i === at ? v : b))
    expect(ipv4.parse(octets, 0, 19)).toBe('ipv4: truncated')
    expect(ipv4.parse(changed(0, 0x65), 0, 20)).toBe('ipv4: not version 4')
    expect(ipv4.parse(changed(0, 0x44), 0, 20)).toBe('ipv4: bad header length')
    expect(ipv4.parse(changed(3, 0x15), 0, 20)).toBe('ipv4: bad total length')
    expect(ipv4.parse(changed(8, 0x1b), 0, 20)).toBe('ipv4: bad checksum')
  })
})

describe('udp', () => {
  // smoltcp src/wire/udp.rs, PACKET_BYTES: 192.168.1.1:48896 to 192.168.1.2:53.
  const octets = fromHex('bf000035000c124d aa0000ff')
  const between = { src: ip('192.168.1.1'), dst: ip('192.168.1.2') }

  it("reads and writes smoltcp's packet", () => {
    const d = udp.parse(octets, 0, octets.length, between)
    expect(d).toEqual({ srcPort: 48896, dstPort: 53, payload: fromHex('aa0000ff') })
    const out = new Uint8Array(octets.length)
    if (typeof d !== 'string') udp.emit(d, out, 0, between)
    expect(hex(out, 0, out.length)).toBe(hex(octets, 0, octets.length))
  })

  it('takes a zero checksum as none, and never emits one', () => {
    const silent = Uint8Array.from(octets)
    udp.setSum(silent, 0, 0)
    expect(typeof udp.parse(silent, 0, silent.length, between)).toBe('object')
    const d = { srcPort: 1, dstPort: 1, payload: fromHex('0000') }
    const out = new Uint8Array(10)
    for (let n = 0; n < 0x10000; n += 1) {
      out[8] = d.payload[0] = n >> 8
      out[9] = d.payload[1] = n & 255
      udp.emit(d, out, 0, between)
      if (udp.sum(out, 0) === 0) expect.unreachable()
    }
  })
})

describe('tcp', () => {
  const between = { src: ip('192.168.1.1'), dst: ip('192.168.1.2') }

  it('reads a segment and refuses it between other addresses', () => {
    // By hand: c0a8 + 0101 + c0a8 + 0102 + 6 + 14 and c000 + 0050 + 1 + 5002 + 2000 make 2b3c0, folded b3c2.
    const octets = fromHex('c000 0050 00000001 00000000 5002 2000 4c3d 0000')
    const s = tcp.parse(octets, 0, octets.length, between)
    const none = { ack: 0, urgent: 0, options: {}, payload: new Uint8Array(0) }
    expect(s).toEqual({ srcPort: 49152, dstPort: 80, seq: 1, flags: tcp.SYN, window: 8192, ...none })
    expect(tcp.parse(octets, 0, octets.length, { ...between, src: 1 })).toBe('tcp: bad checksum')
    const out = new Uint8Array(octets.length)
    if (typeof s !== 'string') tcp.emit(s, out, 0, between)
    expect(hex(out, 0, out.length)).toBe(hex(octets, 0, octets.length))
  })

  it('lays options out as Linux does', () => {
    const options = { mss: 1460, sackPermitted: true, timestamps: { value: 1, echo: 0 }, windowScale: 7 }
    const s: tcp.Tcp = {
      srcPort: 1,
      dstPort: 2,
      seq: 0,
      ack: 0,
      flags: tcp.SYN,
      window: 0,
      urgent: 0,
      options,
      payload: new Uint8Array(0),
    }
    const out = new Uint8Array(tcp.len(s))
    tcp.emit(s, out, 0, between)
    expect(hex(out, 20, out.length)).toBe('020405b4' + '0402080a0000000100000000' + '01030307')
  })

  it('leaves out SACK blocks that do not fit', () => {
    const block = { left: 1, right: 2 }
    expect(tcp.headerLen({ sack: [block, block, block, block, block] })).toBe(20 + 36)
    expect(tcp.headerLen({ sack: [block, block, block, block], timestamps: { value: 1, echo: 1 } })).toBe(20 + 12 + 28)
  })

  it('refuses an option of length zero', () => {
    expect(tcp.parseOptions(fromHex('0300'), 0, 2)).toBe('tcp: bad option')
  })
})

describe('arp', () => {
  it('reads a request', () => {
    const octets = fromHex('0001 0800 06 04 0001 00155d00e501 c0a8320a 000000000000 c0a83201')
    expect(arp.parse(octets, 0, octets.length)).toEqual({
      op: 1,
      senderMac: parseMac('00-15-5D-00-E5-01'),
      senderIp: ip('192.168.50.10'),
      targetMac: 0,
      targetIp: ip('192.168.50.1'),
    })
    octets[7] = 3
    expect(arp.parse(octets, 0, octets.length)).toBe('arp: unknown operation')
  })
})

describe('icmp', () => {
  it('sums the first ping of Windows as Windows does', () => {
    const payload = Uint8Array.from('abcdefghijklmnopqrstuvwabcdefghi', (c) => c.charCodeAt(0))
    const out = new Uint8Array(40)
    icmp.emit({ kind: 'echo-request', ident: 1, sequence: 1, payload }, out, 0)
    expect(hex(out, 0, 8)).toBe('08004d5a00010001')
    icmp.rewriteIdent(out, 0, 0xfedc)
    expect(icmp.parse(out, 0, 40)).toEqual({ kind: 'echo-request', ident: 0xfedc, sequence: 1, payload })
  })
})

describe('igmp', () => {
  it('joins groups by changing to exclude nothing', () => {
    const m = igmp.join([ip('224.0.0.251')])
    const out = new Uint8Array(igmp.len(m))
    igmp.emit(m, out, 0)
    expect(hex(out, 0, out.length)).toBe('2200f9020000000104000000e00000fb')
  })
})

describe('vlan', () => {
  it('pushes and pops', () => {
    const frame = fromHex('ffffffffffff00155d00e5010806 0001')
    const tagged = vlan.push(frame, 0x6014)
    expect(hex(tagged, 0, tagged.length)).toBe('ffffffffffff00155d00e501' + '81006014' + '08060001')
    expect([vlan.vid(tagged), vlan.priority(tagged), vlan.innerType(tagged)]).toEqual([20, 3, 0x0806])
    expect(vlan.tagged(tagged) && !vlan.tagged(frame)).toBe(true)
    expect(equalBytes(vlan.pop(tagged), frame)).toBe(true)
  })
})

describe('dhcp', () => {
  const discover: dhcp.Dhcp = {
    op: 1,
    xid: 0x3903f326,
    secs: 0,
    broadcast: true,
    ciaddr: 0,
    yiaddr: 0,
    siaddr: 0,
    giaddr: 0,
    chaddr: 0x00155d00e501,
    options: [dhcp.option.messageType(dhcp.DISCOVER)],
  }
  const encode = (d: dhcp.Dhcp) => {
    const out = new Uint8Array(dhcp.len(d)).fill(0xdd)
    dhcp.emit(d, out, 0)
    return out
  }
  const decode = (b: Uint8Array): dhcp.Dhcp => {
    const d = dhcp.parse(b, 0, b.length)
    if (typeof d === 'string') throw new Error(d)
    return d
  }

  it('is padded to 300 octets and ends with an end option', () => {
    const b = encode(discover)
    expect(b.length).toBe(300)
    expect(hex(b, 236, 244)).toBe('63825363350101ff')
    expect(b.subarray(244).every((v) => v === 0)).toBe(true)
  })

  it('reads its own options back', () => {
    const { option } = dhcp
    const route = { network: ip('10.17.0.0'), prefixLength: 16, router: ip('10.0.0.1') }
    const d = decode(
      encode({
        ...discover,
        options: [
          option.messageType(dhcp.ACK),
          option.mask(0xfffff000),
          option.routers([1, 2]),
          option.dns([3]),
          option.domainName('mshome.net'),
          option.hostName('client'),
          option.vendorClass('MSFT 5.0'),
          option.leaseSeconds(86400),
          option.renewal(43200),
          option.rebinding(75600),
          option.requestedAddress(7),
          option.serverId(8),
          option.clientId(0x00155d00e501),
          option.parameterList([1, 3, 6]),
          option.fqdn('client.lab.test', 1),
          option.classlessRoutes([route, { network: 0, prefixLength: 0, router: 9 }]),
          option.message('no'),
        ],
      }),
    )
    expect([dhcp.messageType(d), dhcp.mask(d), dhcp.leaseSeconds(d)]).toEqual([dhcp.ACK, 0xfffff000, 86400])
    expect([dhcp.renewal(d), dhcp.rebinding(d), dhcp.requestedAddress(d), dhcp.serverId(d)]).toEqual([43200, 75600, 7, 8])
    expect([dhcp.routers(d), dhcp.dns(d), dhcp.parameterList(d)]).toEqual([[1, 2], [3], [1, 3, 6]])
    expect([dhcp.domainName(d), dhcp.hostName(d), dhcp.vendorClass(d), dhcp.message(d)]).toEqual([
      'mshome.net',
      'client',
      'MSFT 5.0',
      'no',
    ])
    expect(hex(dhcp.clientId(d) ?? new Uint8Array(0), 0, 7)).toBe('0100155d00e501')
    expect(dhcp.fqdn(d)).toEqual({ flags: 1, name: 'client.lab.test' })
    expect(dhcp.classlessRoutes(d)[0]).toEqual(route)
    expect(dhcp.classlessRoutes(d)[1]).toEqual({ network: 0, prefixLength: 0, router: 9 })
  })

  it('reads options out of the file and server name fields when they are overloaded', () => {
    const b = encode({ ...discover, options: [...discover.options, { code: 52, data: Uint8Array.of(3) }] })
    b.set(fromHex('0c026162ff'), 108)
    b.set(fromHex('0f02646fff'), 44)
    const d = decode(b)
    expect([dhcp.hostName(d), dhcp.domainName(d)]).toEqual(['ab', 'do'])
    // An option that runs over the end of its field, and an overload inside the overloaded field.
    b.set(fromHex('0cff'), 108)
    expect(dhcp.parse(b, 0, b.length)).toBe('dhcp: bad option')
    b.set(fromHex('340103ff'), 108)
    expect(typeof dhcp.parse(b, 0, b.length)).toBe('object')
  })
})

describe('dns', () => {
  const decode = (text: string) => {
    const b = fromHex(text)
    return dns.parse(b, 0, b.length)
  }

  it('reads the compressed names of RFC 1035 section 4.1.4', () => {
    // F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root.
    const names = ['0146 03495349 0441525041 00', '03464f4f c00c', 'c012', '00'].map((n) => `${n} 0001 0001`)
    expect(decode(`0001 0000 0004 0000 0000 0000 ${names.join('')}`)).toMatchObject({
      questions: [{ name: 'F.ISI.ARPA' }, { name: 'FOO.F.ISI.ARPA' }, { name: 'ARPA' }, { name: '' }],
    })
  })

  it('refuses pointers that loop or lead forwards', () => {
    const question = (name: string) => decode(`0001 0000 0001 0000 0000 0000 ${name} 0001 0001`)
    expect(question('c00c')).toBe('dns: bad question')
    expect(question('0161 c00c')).toBe('dns: bad question')
    expect(question('c0ff')).toBe('dns: bad question')
    expect(question('4161')).toBe('dns: bad question')
  })

  it('compresses', () => {
    const target = { name: 'www.example.com', type: 'CNAME', ttl: 1, target: 'web.example.com' } as const
    const b = dns.encode({ ...dns.query(1, { name: 'www.example.com' }), answers: [target] })
    expect(b.length).toBe(12 + 17 + 4 + 2 + 10 + 6)
  })

  it('truncates to a limit', () => {
    const answers = Array.from({ length: 60 }, (_, i) => ({ name: 'a.example', type: 'A', ttl: 1, address: i }) as const)
    const cut = dns.truncate({ ...dns.query(1, { name: 'a.example' }), answers }, 512)
    expect([cut.truncated, dns.len(cut) <= 512, cut.answers.length]).toEqual([true, true, 30])
    const whole = dns.query(1, { name: 'a.example' })
    expect(dns.truncate(whole, 512)).toBe(whole)
  })

  it('compares names without case and knows which can be asked for', () => {
    expect(dns.sameName('WWW.Example.com.', 'www.example.COM')).toBe(true)
    expect([dns.isValidName('a'.repeat(63)), dns.isValidName('a'.repeat(64)), dns.isValidName('a.'.repeat(128))]).toEqual([
      true,
      false,
      false,
    ])
    expect([dns.typeName(28), dns.typeName(999), dns.typeCode('TYPE999'), dns.typeCode('MX')]).toEqual([
      'AAAA',
      'TYPE999',
      999,
      15,
    ])
  })
})

describe('l2tp and ppp', () => {
  it('writes a start of a tunnel', () => {
    const { avp } = l2tp
    const m: l2tp.L2tp = {
      kind: 'control',
      tunnelId: 0,
      sessionId: 0,
      ns: 0,
      nr: 0,
      avps: [avp.messageType(1), avp.assignedTunnelId(5)],
    }
    const out = new Uint8Array(l2tp.len(m))
    l2tp.emit(m, out, 0)
    expect(hex(out, 0, out.length)).toBe('c802001c0000000000000000' + '8008000000000001' + '8008000000090005')
  })

  it('reads a data message with length, sequence and offset', () => {
    const b = fromHex('4a02 0013 0007 0009 0001 0002 0001 00 aabbcccc ff')
    expect(l2tp.parse(b, 0, b.length)).toEqual({ kind: 'data', tunnelId: 7, sessionId: 9, payload: fromHex('aabbcccc') })
  })

  it('reads a frame whose header is compressed', () => {
    expect(ppp.parse(fromHex('2145'), 0, 2)).toEqual({ protocol: 'ipv4', payload: fromHex('45') })
    expect(ppp.parse(fromHex('c021 01 07 0008 01 04 0578'), 0, 10)).toMatchObject({ protocol: 'lcp', id: 7 })
  })
})
