// IGMP (RFC 2236, 3376).
import type { Sheet } from './sheet.ts'

const RECORDS: { readonly [type: number]: string } = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
}

export function printIgmp(sheet: Sheet, at: number, length: number): void {
  sheet.layer('igmp', () => {
    if (sheet.style.quick) {
      sheet.put('igmp')
      return
    }
    switch (sheet.u8(at)) {
      case 0x11:
        printQuery(sheet, at, length)
        break
      case 0x12:
        sheet.put(`igmp v1 report ${sheet.ip(at + 4)}`)
        if (length !== 8) sheet.put(` [len ${length}]`)
        break
      case 0x16:
        sheet.put(`igmp v2 report ${sheet.ip(at + 4)}`)
        break
      case 0x22:
        printReport3(sheet, at)
        break
      case 0x17:
        sheet.put(`igmp leave ${sheet.ip(at + 4)}`)
        break
      default:
        sheet.put(`igmp-${sheet.u8(at)}`)
    }
    if (sheet.verbose > 0 && sheet.has(at, length) && sheet.checksum(at, at + length) !== 0xffff)
      sheet.put(` bad igmp cksum ${sheet.u16(at + 2).toString(16)}!`)
  })
}

function printQuery(sheet: Sheet, at: number, length: number): void {
  const group = sheet.u32(at + 4)
  const code = sheet.u8(at + 1)
  if (length >= 12) {
    sheet.put('igmp query v3')
    // RFC 3376 section 4.1.1: from 128 on a floating-point number, in tenths of a second.
    const tenths = code < 128 ? code : ((code & 15) | 16) << (((code >> 4) & 7) + 3)
    if (tenths !== 100) sheet.put(` [max resp time ${tenths < 600 ? `${(tenths / 10).toFixed(1)}s` : `${tenths / 10}s`}]`)
    if ((sheet.u8(at + 8) & 8) !== 0) sheet.put(' sflag')
    const sources = sheet.u16(at + 10)
    if (group !== 0) {
      sheet.put(` [gaddr ${sheet.ip(at + 4)}`)
      if (sources > 0) {
        const list: string[] = []
        for (let i = 0; i < sources; i++) list.push(sheet.ip(at + 12 + 4 * i))
        sheet.put(` { ${list.join(' ')} }`)
      }
      sheet.put(']')
    }
    return
  }
  sheet.put(`igmp query v${code === 0 ? 1 : 2}`)
  if (code !== 0 && code !== 100) sheet.put(` [max resp time ${code}]`)
  if (group !== 0) sheet.put(` [gaddr ${sheet.ip(at + 4)}]`)
}

function printReport3(sheet: Sheet, at: number): void {
  const records = sheet.u16(at + 6)
  sheet.put(`igmp v3 report, ${records} group record(s)`)
  if (sheet.verbose === 0) return
  for (let i = 0, record = at + 8; i < records; i++) {
    const sources = sheet.u16(record + 2)
    sheet.put(` [gaddr ${sheet.ip(record + 4)}`)
    const kind = sheet.u8(record)
    sheet.put(` ${RECORDS[kind] ?? `[v3-report-#${kind}]`}`)
    sheet.put(sourcesText(sources, sheet.verbose, (n) => sheet.ip(record + 8 + 4 * n)))
    sheet.put(']')
    record += 8 + sources * 4 + sheet.u8(record + 1) * 4
  }
}

/** The sources of a group record: their number, or with -vv themselves. */
export function sourcesText(count: number, verbose: number, source: (n: number) => string): string {
  if (verbose < 2) return `, ${count} source(s)`
  let list = ''
  for (let n = 0; n < count; n++) list += ` ${source(n)}`
  return ` {${list} }`
}
