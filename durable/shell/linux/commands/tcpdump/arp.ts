import type { Sheet } from './sheet.ts'

const OPERATIONS: { readonly [code: number]: string } = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
  8: 'Inverse Request',
  9: 'Inverse Reply',
  10: 'NACK Reply',
}

/** RFC 826, 903. */
export function printArp(sheet: Sheet, at: number, length: number): void {
  sheet.layer('arp', () => {
    sheet.need(at, 8)
    const hardware = sheet.u16(at)
    const protocol = sheet.u16(at + 2)
    const [hardwareLen, protocolLen] = [sheet.u8(at + 4), sheet.u8(at + 5)]
    const operation = sheet.u16(at + 6)
    const plain = hardware === 1 && protocol === 0x0800 && hardwareLen === 6 && protocolLen === 4
    if (!plain || sheet.verbose > 0) {
      sheet.put(hardware === 1 ? 'Ethernet' : `Unknown Hardware (${hardware})`)
      sheet.put(` (len ${hardwareLen}), `)
      sheet.put(protocol === 0x0800 ? 'IPv4' : `Unknown Protocol (0x${protocol.toString(16).padStart(4, '0')})`)
      sheet.put(` (len ${protocolLen}), `)
    }
    sheet.put(OPERATIONS[operation] ?? `Unknown (${operation})`)
    sheet.need(at + 8, 2 * hardwareLen + 2 * protocolLen)
    const [sourceMac, source] = [at + 8, at + 8 + hardwareLen]
    const [targetMac, target] = [source + protocolLen, source + protocolLen + hardwareLen]
    const macs = (): string => sheet.hex(targetMac, hardwareLen, ':')
    switch (operation) {
      case 1: {
        sheet.put(` who-has ${ipAt(sheet, target, plain)}`)
        if (/[^0:]/.test(macs())) sheet.put(` (${plain ? sheet.mac(targetMac) : macs()})`)
        sheet.put(` tell ${ipAt(sheet, source, plain)}`)
        break
      }
      case 2:
        sheet.put(` ${ipAt(sheet, source, plain)} is-at ${sheet.mac(sourceMac)}`)
        break
      case 3:
        sheet.put(` who-is ${sheet.mac(targetMac)} tell ${sheet.mac(sourceMac)}`)
        break
      case 4:
        sheet.put(` ${sheet.mac(targetMac)} at ${ipAt(sheet, target, plain)}`)
        break
      default:
        break
    }
    sheet.put(`, length ${length}`)
  })
}

const ipAt = (sheet: Sheet, at: number, plain: boolean): string => (plain ? sheet.ip(at) : '<wrong proto type>')
