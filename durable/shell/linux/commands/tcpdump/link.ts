// Link headers: Ethernet with tags, the header of captures of all interfaces, none.
import { printArp } from './arp.ts'
import { hexAndText } from './hex-dump.ts'
import { printIp4 } from './ip4.ts'
import { printIp6 } from './ip6.ts'
import type { Sheet } from './sheet.ts'

const TYPES: { readonly [type: number]: string } = {
  2048: 'IPv4',
  2054: 'ARP',
  25944: 'TEB',
  32821: 'Reverse ARP',
  33011: 'Appletalk ARP',
  32923: 'Appletalk',
  33024: '802.1Q',
  37120: '802.1Q-9100',
  34984: '802.1Q-QinQ',
  34525: 'IPv6',
  34887: 'MPLS unicast',
  34888: 'MPLS multicast',
  34915: 'PPPoE D',
  34916: 'PPPoE S',
  34958: 'EAPOL',
  35020: 'LLDP',
  35045: 'MACsec',
  36864: 'Loopback',
}

const typeText = (type: number): string => `ethertype ${TYPES[type] ?? 'Unknown'} (0x${type.toString(16).padStart(4, '0')})`

const LONGEST_LENGTH = 1500
const TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])

/** Frames on Ethernet. `length` is the length on the wire. */
export function printEthernet(sheet: Sheet, length: number): number {
  let header = 14
  sheet.layer('ether', () => {
    sheet.need(0, 14)
    const type = sheet.u16(12)
    if (sheet.style.link) sheet.put(etherText(sheet, type, length))
    header = printTyped(sheet, type, 14, length - 14, () => etherText(sheet, type, length))
  })
  return header
}

function etherText(sheet: Sheet, type: number, length: number): string {
  const unknown = `Unknown Ethertype (0x${type.toString(16).padStart(4, '0')})`
  const what = type <= LONGEST_LENGTH ? '802.3' : sheet.style.quick ? (TYPES[type] ?? unknown) : typeText(type)
  return `${sheet.mac(6)} > ${sheet.mac(0)}, ${what}, length ${length}: `
}

/** Answers where the network header begins. */
function printTyped(sheet: Sheet, first: number, from: number, rest: number, header: () => string): number {
  let [type, at, left] = [first, from, rest]
  while (TAGS.has(type)) {
    if (left < 4) {
      sheet.put('[|vlan]')
      return at
    }
    const tci = sheet.u16(at)
    if (sheet.style.link) sheet.put(`vlan ${tci & 0x0fff}, p ${tci >> 13}${tci & 0x1000 ? ', DEI' : ''}, `)
    type = sheet.u16(at + 2)
    if (sheet.style.link && type > LONGEST_LENGTH)
      sheet.put(`${sheet.style.quick ? (TYPES[type] ?? 'Unknown') : typeText(type)}, `)
    at += 4
    left -= 4
  }
  if (printNetwork(sheet, type, at, left)) return at
  if (!sheet.style.link && type > LONGEST_LENGTH) sheet.put(header())
  if (type <= LONGEST_LENGTH) sheet.put(`${sheet.style.link ? '' : '802.3, '}LLC, length ${left}`)
  if (sheet.style.dumpsUnknown) sheet.put(hexAndText(sheet.bytes, at, Math.min(sheet.bytes.length, at + left)))
  return at
}

function printNetwork(sheet: Sheet, type: number, at: number, left: number): boolean {
  switch (type) {
    case 0x0800:
      printIp4(sheet, at, left)
      return true
    case 0x86dd:
      printIp6(sheet, at, left)
      return true
    case 0x0806:
    case 0x8035:
      if (!sheet.style.link) sheet.put(type === 0x0806 ? 'ARP, ' : 'Reverse ARP, ')
      printArp(sheet, at, left)
      return true
    default:
      return false
  }
}

const DIRECTIONS = ['In', 'B', 'M', 'P', 'Out']

/** LINKTYPE_LINUX_SLL2: what `-i any` gives. */
export function printCooked(sheet: Sheet, length: number): number {
  let header = 20
  sheet.layer('sll2', () => {
    sheet.need(0, 20)
    const type = sheet.u16(0)
    const index = sheet.u32(4)
    sheet.put(`${(sheet.beside.interfaces.get(index) ?? '?').padEnd(5)} `)
    sheet.put(`${(DIRECTIONS[sheet.u8(10)] ?? '?').padEnd(3)} `)
    if (sheet.style.link) {
      sheet.put(`ifindex ${index} `)
      if (sheet.u8(11) === 6) sheet.put(`${sheet.mac(12)} `)
      sheet.put(sheet.style.quick ? '' : `${typeText(type)}, `)
      sheet.put(`length ${length}: `)
    }
    header = printTyped(sheet, type, 20, length - 20, () => `${typeText(type)}, length ${length}: `)
  })
  return header
}

/** Packets without a link header. */
export function printRaw(sheet: Sheet, length: number): number {
  sheet.layer('raw', () => {
    if (sheet.style.link) sheet.put('ip: ')
    const version = sheet.u8(0) >> 4
    if (version === 4) {
      printIp4(sheet, 0, length)
    } else if (version === 6) {
      printIp6(sheet, 0, length)
    } else sheet.put(`ip v${version}`)
  })
  return 0
}
