// SMB 2 messages ([MS-SMB2] 2.2) as far as connecting to a share and listing a folder go, and NTLM's three ([MS-NLMP] 2.2.1).
// Everything is little endian; text is UTF-16. On TCP a message has four octets before it: zero and its length (2.1).
import type { Micros } from '../../sim/time.ts'

export const PORT = 445
export const HEADER = 64

export const NEGOTIATE = 0
export const SESSION_SETUP = 1
export const LOGOFF = 2
export const TREE_CONNECT = 3
export const TREE_DISCONNECT = 4
export const CREATE = 5
export const CLOSE = 6
export const READ = 8
export const QUERY_DIRECTORY = 14

export const SUCCESS = 0
export const MORE_PROCESSING = 0xc0000016
export const LOGON_FAILURE = 0xc000006d
export const BAD_NETWORK_NAME = 0xc00000cc
export const NO_SUCH_OBJECT = 0xc0000034
export const NO_MORE_FILES = 0x80000006
export const END_OF_FILE = 0xc0000011
export const NOT_SUPPORTED = 0xc00000bb
export const INVALID_PARAMETER = 0xc000000d
export const ACCESS_DENIED = 0xc0000022
export const SESSION_DELETED = 0xc0000203

/** SMB 3.0.2: the newest dialect without negotiate contexts. */
export const DIALECT = 0x0302
const DIALECTS = [0x0202, 0x0210, 0x0300, DIALECT]

export type Header = {
  readonly command: number
  readonly status: number
  readonly response: boolean
  readonly id: number
  readonly tree: number
  readonly session: number
}

/** A message being written. */
class Writer {
  readonly bytes: number[] = []
  u8(value: number): this {
    this.bytes.push(value & 255)
    return this
  }
  u16(value: number): this {
    return this.u8(value).u8(value >>> 8)
  }
  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16)
  }
  /** Below 2^53. */
  u64(value: number): this {
    return this.u32(value >>> 0).u32(Math.floor(value / 0x1_0000_0000))
  }
  zeros(count: number): this {
    for (let n = 0; n < count; n++) this.bytes.push(0)
    return this
  }
  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.bytes.push(byte)
    return this
  }
  text(value: string): this {
    return this.raw(utf16(value))
  }
}

export function utf16(value: string): Uint8Array {
  const out = new Uint8Array(value.length * 2)
  for (let at = 0; at < value.length; at++) {
    out[2 * at] = value.charCodeAt(at) & 255
    out[2 * at + 1] = value.charCodeAt(at) >>> 8
  }
  return out
}

const u16 = (b: Uint8Array, at: number): number => (b[at] ?? 0) | ((b[at + 1] ?? 0) << 8)
const u32 = (b: Uint8Array, at: number): number => (u16(b, at) | (u16(b, at + 2) << 16)) >>> 0

export function textAt(b: Uint8Array, at: number, length: number): string {
  let out = ''
  for (let n = at; n + 1 < Math.min(at + length, b.length); n += 2) out += String.fromCharCode(u16(b, n))
  return out
}

/** With its length before it, as TCP carries it. */
export function message(header: Header, body: Iterable<number>): Uint8Array {
  const out = new Writer()
  out.u32(0).raw([0xfe, 0x53, 0x4d, 0x42]).u16(HEADER).u16(1).u32(header.status).u16(header.command).u16(1)
  out
    .u32(header.response ? 1 : 0)
    .u32(0)
    .u64(header.id)
    .u32(0xfeff)
    .u32(header.tree)
    .u64(header.session)
    .zeros(16)
  out.raw(body)
  const length = out.bytes.length - 4
  out.bytes[1] = (length >>> 16) & 255
  out.bytes[2] = (length >>> 8) & 255
  out.bytes[3] = length & 255
  return Uint8Array.from(out.bytes)
}

/** Undefined: that is no SMB 2. `b` begins with the header. */
export function headerOf(b: Uint8Array): Header | undefined {
  if (b.length < HEADER + 2 || u32(b, 0) !== 0x424d53fe || u16(b, 4) !== HEADER) return undefined
  return {
    status: u32(b, 8),
    command: u16(b, 12),
    response: (u32(b, 16) & 1) === 1,
    id: u32(b, 24),
    tree: u32(b, 36),
    session: u32(b, 40),
  }
}

/** The length of what follows the four octets; -1: that is none. */
export const lengthOf = (b: Uint8Array): number => (b[0] === 0 ? ((b[1] ?? 0) << 16) | ((b[2] ?? 0) << 8) | (b[3] ?? 0) : -1)

// Requests

export const negotiateRequest = (guid: Uint8Array): number[] => {
  const out = new Writer().u16(36).u16(DIALECTS.length).u16(1).u16(0).u32(0x7f).raw(guid).zeros(8)
  for (const dialect of DIALECTS) out.u16(dialect)
  return out.bytes
}

export const setupRequest = (token: Uint8Array): number[] =>
  new Writer()
    .u16(25)
    .u8(0)
    .u8(1)
    .u32(1)
    .u32(0)
    .u16(HEADER + 24)
    .u16(token.length)
    .zeros(8)
    .raw(token).bytes

export const treeRequest = (path: string): number[] =>
  new Writer()
    .u16(9)
    .u16(0)
    .u16(HEADER + 8)
    .u16(path.length * 2)
    .text(path).bytes

/** Opens a folder of the share for reading, or a file; empty: the share itself. */
export const createRequest = (name: string, file = false): number[] =>
  new Writer()
    .u16(57)
    .zeros(2)
    .u32(2)
    .zeros(16)
    .u32(file ? 0x00120089 : 0x00100081)
    .u32(0)
    .u32(7)
    .u32(1)
    .u32(file ? 0x60 : 0x21)
    .u16(HEADER + 56)
    .u16(name.length * 2)
    .u32(0)
    .u32(0)
    .text(name === '' ? '\0' : name).bytes

export const closeRequest = (file: number): number[] => new Writer().u16(24).zeros(6).raw(fileId(file)).bytes

/** What is read at a time: less than a connection takes at once. */
export const CHUNK = 16_384

export const readRequest = (file: number, offset: number): number[] =>
  new Writer().u16(49).u8(0x50).u8(0).u32(CHUNK).u64(offset).raw(fileId(file)).u32(0).u32(0).u32(0).u16(0).u16(0).u8(0).bytes

export const queryRequest = (file: number, pattern: string): number[] =>
  new Writer()
    .u16(33)
    .u8(1)
    .u8(0)
    .u32(0)
    .raw(fileId(file))
    .u16(HEADER + 32)
    .u16(pattern.length * 2)
    .u32(65_536)
    .text(pattern).bytes

/** Tree disconnect and logoff, both ways. */
export const emptyBody = (): number[] => new Writer().u16(4).u16(0).bytes

const fileId = (file: number): number[] => new Writer().u64(file).u64(file).bytes

// Answers

export type Times = { readonly now: number; readonly started: number }

/** Windows counts tenths of microseconds from 1601. */
const FILETIME_EPOCH = 11_644_473_600_000_000
const fileTime = (out: Writer, unixMicros: Micros): Writer => {
  // Beyond 2^53: by halves.
  const tenths = BigInt(Math.floor(unixMicros) + FILETIME_EPOCH) * 10n
  return out.u32(Number(tenths & 0xffffffffn)).u32(Number(tenths >> 32n))
}

export function negotiateAnswer(guid: Uint8Array, { now, started }: Times): number[] {
  const out = new Writer().u16(65).u16(1).u16(DIALECT).u16(0).raw(guid).u32(1).u32(0x100000).u32(0x100000).u32(0x100000)
  fileTime(out, now)
  fileTime(out, started)
  return out
    .u16(HEADER + 64)
    .u16(0)
    .u32(0).bytes
}

export const setupAnswer = (token: Uint8Array): number[] =>
  new Writer()
    .u16(9)
    .u16(0)
    .u16(HEADER + 8)
    .u16(token.length)
    .raw(token).bytes

/** `pipe`: IPC$. */
export const treeAnswer = (pipe: boolean): number[] =>
  new Writer()
    .u16(16)
    .u8(pipe ? 2 : 1)
    .u8(0)
    .u32(pipe ? 0x30 : 0)
    .u32(0)
    .u32(0x001200a9).bytes

/** `size`: of a file; left out: it is a folder. */
export function createAnswer(file: number, at: number, size?: number): number[] {
  const out = new Writer().u16(89).u8(0).u8(0).u32(1)
  for (let n = 0; n < 4; n++) fileTime(out, at)
  const length = size ?? 0
  return out
    .u64(Math.ceil(length / 4096) * 4096)
    .u64(length)
    .u32(size === undefined ? 0x10 : 0x20)
    .u32(0)
    .raw(fileId(file))
    .u32(0)
    .u32(0).bytes
}

export const readAnswer = (data: Uint8Array): number[] =>
  new Writer()
    .u16(17)
    .u8(HEADER + 16)
    .u8(0)
    .u32(data.length)
    .u32(0)
    .u32(0)
    .raw(data).bytes

export const closeAnswer = (): number[] => new Writer().u16(60).zeros(58).bytes

export type Entry = { readonly name: string; readonly directory: boolean; readonly size: number }

/** What an entry takes in an answer. */
export const entrySize = ({ name }: Entry): number => Math.ceil((64 + 2 * name.length) / 8) * 8

/** FileDirectoryInformation of each entry ([MS-FSCC] 2.4.10). */
export function queryAnswer(entries: readonly Entry[], at: number): number[] {
  const all = new Writer()
  entries.forEach(({ name, directory, size }, index) => {
    const one = new Writer().u32(0)
    for (let n = 0; n < 4; n++) fileTime(one, at)
    one
      .u64(size)
      .u64(Math.ceil(size / 4096) * 4096)
      .u32(directory ? 0x10 : 0x20)
      .u32(name.length * 2)
      .text(name)
    const last = index === entries.length - 1
    const padded = Math.ceil((one.bytes.length + 4) / 8) * 8
    all.u32(last ? 0 : padded).raw(one.bytes)
    if (!last) all.zeros(padded - one.bytes.length - 4)
  })
  return new Writer()
    .u16(9)
    .u16(HEADER + 8)
    .u32(all.bytes.length)
    .raw(all.bytes).bytes
}

export const errorBody = (): number[] => new Writer().u16(9).zeros(6).u8(0).bytes

// What stands in them; `b` begins with the header

export const tokenOf = (b: Uint8Array, response: boolean): Uint8Array => {
  const at = HEADER + (response ? 4 : 12)
  return b.subarray(u16(b, at), u16(b, at) + u16(b, at + 2))
}
export const pathOf = (b: Uint8Array): string => textAt(b, u16(b, HEADER + 4), u16(b, HEADER + 6))
export const createName = (b: Uint8Array): string => textAt(b, u16(b, HEADER + 44), u16(b, HEADER + 46)).replace(/\0/g, '')
export const createdFile = (b: Uint8Array): number => u32(b, HEADER + 64)
export const queriedFile = (b: Uint8Array): number => u32(b, HEADER + 8)
export const queryPattern = (b: Uint8Array): string => textAt(b, u16(b, HEADER + 24), u16(b, HEADER + 26))
/** How many octets of entries are wanted at most, and whether from the first one again. */
export const queryRoom = (b: Uint8Array): number => u32(b, HEADER + 28)
export const queryRestarts = (b: Uint8Array): boolean => ((b[HEADER + 3] ?? 0) & 0x11) !== 0
export const closedFile = queriedFile
/** Whether a file is asked for and no folder will do, and the other way round. */
export const wantsFile = (b: Uint8Array): boolean => (u32(b, HEADER + 40) & 0x40) !== 0
export const wantsFolder = (b: Uint8Array): boolean => (u32(b, HEADER + 40) & 1) !== 0
export const readFile = (b: Uint8Array): number => u32(b, HEADER + 16)
export const readOffset = (b: Uint8Array): number => u32(b, HEADER + 8)
export const readLength = (b: Uint8Array): number => u32(b, HEADER + 4)
export const readData = (b: Uint8Array): Uint8Array => b.subarray(b[HEADER + 2] ?? 0, (b[HEADER + 2] ?? 0) + u32(b, HEADER + 4))
export const dialectsOf = (b: Uint8Array): number[] =>
  Array.from({ length: Math.min(64, u16(b, HEADER + 2)) }, (_, at) => u16(b, HEADER + 36 + 2 * at))

export function entriesOf(b: Uint8Array): Entry[] {
  const found: Entry[] = []
  let at = u16(b, HEADER + 2)
  const end = Math.min(b.length, at + u32(b, HEADER + 4))
  for (let budget = 4096; budget > 0 && at + 64 <= end; budget--) {
    const next = u32(b, at)
    const attributes = u32(b, at + 56)
    found.push({ name: textAt(b, at + 64, u32(b, at + 60)), directory: (attributes & 0x10) !== 0, size: u32(b, at + 40) })
    if (next === 0) break
    at += next
  }
  return found
}

// NTLM

const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0]
const FLAGS = 0x00088207

export const ntlmNegotiate = (): Uint8Array => Uint8Array.from(new Writer().raw(SIGNATURE).u32(1).u32(FLAGS).zeros(16).bytes)

export function ntlmChallenge(target: string, challenge: Uint8Array): Uint8Array {
  const size = target.length * 2
  const info = new Writer().u16(2).u16(size).text(target).u16(0).u16(0).bytes
  const out = new Writer()
    .raw(SIGNATURE)
    .u32(2)
    .u16(size)
    .u16(size)
    .u32(48)
    .u32(FLAGS | 0x00820000)
  out
    .raw(challenge)
    .zeros(8)
    .u16(info.length)
    .u16(info.length)
    .u32(48 + size)
  return Uint8Array.from(out.text(target).raw(info).bytes)
}

/** Accounts of a lab have no passwords: the answer to the challenge is empty, and only the name counts. */
export function ntlmAuthenticate(domain: string, user: string, workstation: string): Uint8Array {
  const texts = [domain, user, workstation]
  let at = 64
  const out = new Writer().raw(SIGNATURE).u32(3)
  const field = (length: number): void => {
    out.u16(length).u16(length).u32(at)
    at += length
  }
  field(0)
  field(0)
  for (const text of texts) field(text.length * 2)
  field(0)
  out.u32(FLAGS)
  for (const text of texts) out.text(text)
  return Uint8Array.from(out.bytes)
}

/** 1, 2 or 3; 0: that is no NTLM. */
export const ntlmType = (token: Uint8Array): number =>
  token.length >= 12 && SIGNATURE.every((byte, at) => token[at] === byte) ? u32(token, 8) : 0

export const ntlmUser = (token: Uint8Array): string => textAt(token, u32(token, 40), u16(token, 36))
