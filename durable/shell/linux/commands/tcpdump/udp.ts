// UDP (RFC 768) and what it carries by port.
import { printBootp } from './bootp.ts'
import { printDhcp6 } from './dhcp6.ts'
import { printDns } from './dns.ts'
import { type Around, correct } from './ip4.ts'
import type { Sheet } from './sheet.ts'
import { printL2tp, printNtp } from './small-protocols.ts'

/** The sum of RFC 9293 section 3.1 and RFC 8200 section 8.1: addresses, protocol and length. */
export function pseudoHeader(sheet: Sheet, { version, addresses }: Around, protocol: number, length: number): number {
  return sheet.checksum(addresses, addresses + (version === 4 ? 8 : 32)) + protocol + (length >>> 16) + (length & 0xffff)
}

export function printUdp(sheet: Sheet, at: number, length: number, around: Around): void {
  const { src, dst } = around
  if (!sheet.has(at, 4)) {
    sheet.put(`${src} > ${dst}: [|udp]`)
    return
  }
  const [from, to] = [sheet.u16(at), sheet.u16(at + 2)]
  sheet.layer('udp', () => {
    sheet.put(`${src}.${sheet.port(from, 'udp')} > ${dst}.${sheet.port(to, 'udp')}: `)
    if (length < 8) {
      sheet.put(`truncated-udp ${length}`)
      return
    }
    sheet.need(at, 8)
    const said = sheet.u16(at + 4)
    if (said < 8) {
      sheet.put(`truncated-udplength ${said}`)
      return
    }
    const payload = Math.min(length, said) - 8
    if (sheet.style.quick) {
      sheet.put(`UDP, length ${payload}`)
      return
    }
    if (sheet.verbose > 0 && !around.fragment) printChecksum(sheet, at, payload + 8, around)
    if (payload === 0 || !printPayload(sheet, at + 8, payload, from, to)) sheet.put(`UDP, length ${payload}`)
  })
}

function printChecksum(sheet: Sheet, at: number, length: number, around: Around): void {
  const given = sheet.u16(at + 6)
  if (given === 0) {
    sheet.put('[no cksum] ')
    return
  }
  if (!sheet.has(at, length)) return
  const sum = sheet.checksum(at, at + length, pseudoHeader(sheet, around, 17, length))
  if (sum === 0xffff) sheet.put(sheet.verbose > 1 || around.version === 6 ? '[udp sum ok] ' : '')
  else
    sheet.put(
      `[bad udp cksum 0x${given.toString(16).padStart(4, '0')} -> 0x${correct(sum, given).toString(16).padStart(4, '0')}!] `,
    )
}

function printPayload(sheet: Sheet, at: number, length: number, from: number, to: number): boolean {
  const is = (port: number): boolean => from === port || to === port
  if (is(53)) printDns(sheet, at, length, { overTcp: false, multicast: false })
  else if (is(5353)) printDns(sheet, at, length, { overTcp: false, multicast: true })
  else if (is(67) || is(68)) printBootp(sheet, at, length)
  else if (is(123)) printNtp(sheet, at, length)
  else if (is(1701)) printL2tp(sheet, at, length)
  else if (is(546) || is(547)) printDhcp6(sheet, at, length)
  else return false
  return true
}
