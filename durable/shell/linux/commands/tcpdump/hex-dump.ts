import { visible } from './sheet.ts'

const byte = (octet: number): string => octet.toString(16).padStart(2, '0')

/** Sixteen octets a line in pairs, after tcpdump's `-x`. */
export function hexDump(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at += 16) {
    text += `\n\t0x${(at - from).toString(16).padStart(4, '0')}: `
    for (let i = at; i < Math.min(at + 16, to); i++)
      text += (i - at) % 2 === 0 ? ` ${byte(bytes[i] as number)}` : byte(bytes[i] as number)
  }
  return text
}

/** The same with the characters beside, after `-X`. */
export function hexAndText(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at += 16) {
    let [left, right] = ['', '']
    for (let i = at; i < Math.min(at + 16, to); i++) {
      const octet = bytes[i] as number
      left += (i - at) % 2 === 0 ? ` ${byte(octet)}` : byte(octet)
      right += octet > 32 && octet < 127 ? String.fromCharCode(octet) : '.'
    }
    text += `\n\t0x${(at - from).toString(16).padStart(4, '0')}: ${left.padEnd(40)}  ${right}`
  }
  return text
}

/** Text as it stands, after `-A`: what cannot be shown is a dot. */
export function asText(bytes: Uint8Array, from: number, to: number): string {
  let text = '\n'
  for (let i = from; i < to; i++) {
    const octet = bytes[i] as number
    const next = bytes[i + 1]
    if (octet === 13 && i + 1 < to && next === 10) continue
    text += octet === 9 || octet === 10 || (octet > 31 && octet < 127) ? String.fromCharCode(octet) : '.'
  }
  return text
}

export { visible }
