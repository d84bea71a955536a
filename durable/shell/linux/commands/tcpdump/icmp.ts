// ICMP (RFC 792, 950, 1256).
import { type Around, correct, printIp4 } from './ip4.ts'
import type { Sheet } from './sheet.ts'

const UNREACHABLE: readonly string[] = [
  'net %s unreachable',
  'host %s unreachable',
  '',
  '',
  '%s unreachable - need to frag',
  '%s unreachable - source route failed',
  'net %s unreachable - unknown',
  'host %s unreachable - unknown',
  '%s unreachable - source host isolated',
  'net %s unreachable - admin prohibited',
  'host %s unreachable - admin prohibited',
  'net %s unreachable - tos prohibited',
  'host %s unreachable - tos prohibited',
  'host %s unreachable - admin prohibited filter',
  'host %s unreachable - host precedence violation',
  'host %s unreachable - precedence cutoff',
]
const REDIRECT = ['net', 'host', 'tos-net', 'tos-host']
const OTHERS: { readonly [type: number]: string } = {
  4: 'source quench',
  6: 'alternate host address',
  9: 'router advertisement',
  10: 'router solicitation',
  13: 'time stamp query',
  14: 'time stamp reply',
  15: 'information request',
  16: 'information reply',
  17: 'address mask request',
  18: 'address mask reply',
}
const ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12])

export function printIcmp(sheet: Sheet, at: number, length: number, around: Around): void {
  sheet.layer('icmp', () => {
    const type = sheet.u8(at)
    const code = sheet.u8(at + 1)
    sheet.need(at, 4)
    const text = describe(sheet, at, type, code)
    sheet.put(`ICMP ${text}, length ${length}`)
    if (sheet.verbose > 0 && !around.fragment && sheet.has(at, length)) {
      const sum = sheet.checksum(at, at + length)
      const given = sheet.u16(at + 2)
      if (sum !== 0xffff) sheet.put(` (wrong icmp cksum ${given.toString(16)} (->${correct(sum, given).toString(16)})!)`)
    }
    if (sheet.verbose > 0 && ERRORS.has(type)) {
      sheet.put('\n\t')
      sheet.need(at + 8, 4)
      printIp4(sheet, at + 8, sheet.u16(at + 10))
    }
  })
}

function describe(sheet: Sheet, at: number, type: number, code: number): string {
  switch (type) {
    case 0:
    case 8:
      return `echo ${type === 8 ? 'request' : 'reply'}, id ${sheet.u16(at + 4)}, seq ${sheet.u16(at + 6)}`
    case 3:
      return unreachable(sheet, at, code)
    case 5: {
      const how = REDIRECT[code]
      const target = sheet.ip(at + 24)
      const kind = how === undefined ? `redirect-#${code} ${target} to net` : `redirect ${target} to ${how.replace('tos-', '')}`
      return `${kind} ${sheet.ip(at + 4)}`
    }
    case 11:
      return code === 0 ? 'time exceeded in-transit' : code === 1 ? 'ip reassembly time exceeded' : `time exceeded-#${code}`
    case 12: {
      if (code !== 0) return `parameter problem code ${code}`
      const pointer = sheet.u8(at + 4)
      return `parameter problem - octet ${pointer}`
    }
    default:
      return OTHERS[type] ?? `type-#${type}`
  }
}

function unreachable(sheet: Sheet, at: number, code: number): string {
  const inner = at + 8
  const target = sheet.ip(inner + 16)
  switch (code) {
    case 2:
      return `${target} protocol ${sheet.u8(inner + 9)} unreachable`
    case 3: {
      const transport = inner + (sheet.u8(inner) & 15) * 4
      const port = sheet.u16(transport + 2)
      const protocol = sheet.u8(inner + 9)
      if (protocol === 6) return `${target} tcp port ${sheet.port(port, 'tcp')} unreachable`
      if (protocol === 17) return `${target} udp port ${sheet.port(port, 'udp')} unreachable`
      return `${target} protocol ${protocol} port ${port} unreachable`
    }
    case 4: {
      const mtu = sheet.u16(at + 6)
      return `${target} unreachable - need to frag${mtu === 0 ? '' : ` (mtu ${mtu})`}`
    }
    default: {
      const pattern = UNREACHABLE[code]
      return pattern === undefined ? `${target} unreachable - #${code}` : pattern.replace('%s', target)
    }
  }
}
