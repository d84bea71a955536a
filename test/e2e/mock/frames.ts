// Frames for the canned lab: enough header to be dissected, with real checksums.

export const macs = {
  vm1: '00155d016801',
  gateway: '00155d0fa03b',
  host: 'c4c6e6303f37',
  router: '9c3dcf112233',
  all: 'ffffffffffff',
}

const ipHex = (address: string) =>
  address
    .split('.')
    .map((one) => Number(one).toString(16).padStart(2, '0'))
    .join('')
const word = (value: number) => value.toString(16).padStart(4, '0')
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (one) => Number.parseInt(one, 16))

function checksum(hex: string): string {
  const bytes = bytesOf(hex.length % 4 === 0 ? hex : `${hex}00`)
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += bytes[at] * 256 + bytes[at + 1]
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return word(~sum & 0xffff)
}

type Ends = { readonly fromMac: string; readonly toMac: string; readonly from: string; readonly to: string }

function ip({ fromMac, toMac, from, to }: Ends, protocol: string, ttl: number, payload: string): Uint8Array {
  const head = (sum: string) =>
    `4500${word(20 + payload.length / 2)}1c4640${'00'}${ttl.toString(16).padStart(2, '0')}${protocol}${sum}${ipHex(from)}${ipHex(to)}`
  return bytesOf(`${toMac}${fromMac}0800${head(checksum(head('0000')))}${payload}`)
}

export function arp(operation: 1 | 2, ends: Ends): Uint8Array {
  const target = operation === 1 ? '000000000000' : ends.toMac
  const body = `0001080006040${'00'}${operation}${ends.fromMac}${ipHex(ends.from)}${target}${ipHex(ends.to)}`
  return bytesOf(`${operation === 1 ? macs.all : ends.toMac}${ends.fromMac}0806${body}`)
}

export function echo(reply: boolean, sequence: number, ends: Ends, ttl = 64): Uint8Array {
  const data = Array.from({ length: 48 }, (_, index) => (0x10 + index).toString(16)).join('')
  const head = (sum: string) => `${reply ? '00' : '08'}00${sum}04d2${word(sequence)}${'00000000e8d40700'}${data}`
  return ip(ends, '01', ttl, head(checksum(head('0000'))))
}

export function udp(fromPort: number, toPort: number, data: string, ends: Ends): Uint8Array {
  const length = word(8 + data.length / 2)
  const head = (sum: string) => `${word(fromPort)}${word(toPort)}${length}${sum}${data}`
  return ip(ends, '11', 64, head(checksum(`${ipHex(ends.from)}${ipHex(ends.to)}0011${length}${head('0000')}`)))
}

const nameHex = (name: string) =>
  `${name
    .split('.')
    .map((label) => label.length.toString(16).padStart(2, '0') + Buffer.from(label).toString('hex'))
    .join('')}00`

export const query = (name: string, ends: Ends) => udp(49_152, 53, `1a2b01000001000000000000${nameHex(name)}00010001`, ends)
export const answer = (name: string, address: string, ends: Ends) =>
  udp(53, 49_152, `1a2b81800001000100000000${nameHex(name)}00010001c00c000100010000012c0004${ipHex(address)}`, ends)
