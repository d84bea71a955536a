// DHCPv6 (RFC 8415): messages between client and server, their options, and the addresses within an association.
import { u16, u32 } from '../../bytes.ts'
import { readName } from '../../dns-name.ts'
import { type Field, type FieldType, field, P, protocol, type Read, u8At, type Value } from '../field.ts'

const OPTIONS_AT = 4
const [CLIENT, SERVER, IA_NA, IA_ADDRESS, REQUEST, PREFERENCE, ELAPSED, STATUS, DNS, DOMAINS, REFRESH] = [
  1, 2, 3, 5, 6, 7, 8, 13, 23, 24, 32,
]

type Visit = (b: Uint8Array, code: number, at: number, end: number, out: Value[]) => void

/** Visits options in b[from..to), those within associations and addresses too, in the order in which they stand. */
function walk(b: Uint8Array, from: number, to: number, out: Value[], visit: Visit, depth: number): void {
  for (let i = from; i + 4 <= to; ) {
    const code = u16(b, i)
    const next = i + 4 + u16(b, i + 2)
    if (next > to) return
    visit(b, code, i + 4, next, out)
    const inner = code === IA_NA ? 12 : code === IA_ADDRESS ? 24 : 0
    if (inner > 0 && depth < 2 && i + 4 + inner <= next) walk(b, i + 4 + inner, next, out, visit, depth + 1)
    i = next
  }
}

const options =
  (visit: Visit): Read =>
  (b, { at, end }, out) => {
    // Relay messages (12 and 13) have another header; nothing here sends such.
    if (end - at < OPTIONS_AT || b[at] === 12 || b[at] === 13) return
    walk(b, at + OPTIONS_AT, end, out, visit, 0)
  }

const dhcp = (name: string, type: FieldType, read: Read): Field => field(`dhcpv6.${name}`, type, P.dhcpv6, read)
const at4 = (code: number, offset: number, size: number): Read =>
  options((b, found, at, end, out) => {
    if (found === code && end - at >= size) out.push(u32(b, at + offset))
  })
const addresses = (code: number): Read =>
  options((b, found, at, end, out) => {
    if (found === code) for (let i = at; i + 16 <= end; i += 16) out.push(b.subarray(i, i + 16))
  })

export const dhcpv6: readonly Field[] = [
  protocol('dhcpv6', P.dhcpv6),
  field('dhcpv6.msgtype', 'uint8', P.dhcpv6, u8At(0), {
    solicit: 1,
    advertise: 2,
    request: 3,
    confirm: 4,
    renew: 5,
    rebind: 6,
    reply: 7,
    release: 8,
    decline: 9,
    reconfigure: 10,
    'information-request': 11,
  }),
  dhcp('xid', 'uint32', (b, { at, end }, out) => {
    if (at + 4 <= end && b[at] !== 12 && b[at] !== 13) out.push(u32(b, at) & 0xffffff)
  }),
  dhcp(
    'option.type',
    'uint16',
    options((_b, code, _at, _end, out) => out.push(code)),
  ),
  dhcp(
    'option.length',
    'uint16',
    options((_b, _code, at, end, out) => out.push(end - at)),
  ),
  dhcp(
    'duid.bytes',
    'bytes',
    options((b, code, at, end, out) => {
      if (code === CLIENT || code === SERVER) out.push(b.subarray(at, end))
    }),
  ),
  dhcp(
    'duid.type',
    'uint16',
    options((b, code, at, end, out) => {
      if ((code === CLIENT || code === SERVER) && end - at >= 2) out.push(u16(b, at))
    }),
  ),
  dhcp('iaid.t1', 'uint32', at4(IA_NA, 4, 12)),
  dhcp('iaid.t2', 'uint32', at4(IA_NA, 8, 12)),
  dhcp(
    'iaaddr.ip',
    'ipv6',
    options((b, code, at, end, out) => {
      if (code === IA_ADDRESS && end - at >= 16) out.push(b.subarray(at, at + 16))
    }),
  ),
  dhcp('iaaddr.pref_lifetime', 'uint32', at4(IA_ADDRESS, 16, 24)),
  dhcp('iaaddr.valid_lifetime', 'uint32', at4(IA_ADDRESS, 20, 24)),
  dhcp(
    'requested_option_code',
    'uint16',
    options((b, code, at, end, out) => {
      if (code === REQUEST) for (let i = at; i + 2 <= end; i += 2) out.push(u16(b, i))
    }),
  ),
  dhcp(
    'option_preference',
    'uint8',
    options((b, code, at, end, out) => {
      if (code === PREFERENCE && end > at) out.push(b[at])
    }),
  ),
  dhcp(
    'elapsed_time',
    'uint16',
    // tshark tells milliseconds.
    options((b, code, at, end, out) => {
      if (code === ELAPSED && end - at === 2) out.push(10 * u16(b, at))
    }),
  ),
  dhcp(
    'status_code',
    'uint16',
    options((b, code, at, end, out) => {
      if (code === STATUS && end - at >= 2) out.push(u16(b, at))
    }),
  ),
  dhcp('dns_server', 'ipv6', addresses(DNS)),
  dhcp(
    'search_list_entry',
    'string',
    options((b, code, at, end, out) => {
      if (code !== DOMAINS) return
      for (let i = at; i < end; ) {
        const read = readName(b, at, i, end)
        if (read === undefined) return
        out.push(read.name)
        i = read.next
      }
    }),
  ),
  dhcp('lifetime', 'uint32', at4(REFRESH, 0, 4)),
]
