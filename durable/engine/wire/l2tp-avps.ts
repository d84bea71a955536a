// The L2TP attributes a LAC and an LNS exchange here, read and built (RFC 2661 section 4.4). Re-exported by l2tp.ts.
import { ascii, put16, put32, putAscii, u16, u32 } from './bytes.ts'
import type { Avp, Control } from './l2tp.ts'

export const SCCRQ = 1
export const SCCRP = 2
export const SCCCN = 3
export const STOP_CCN = 4
export const HELLO = 6
export const ICRQ = 10
export const ICRP = 11
export const ICCN = 12
export const CDN = 14

export const AVP = {
  messageType: 0,
  resultCode: 1,
  protocolVersion: 2,
  framingCapabilities: 3,
  bearerCapabilities: 4,
  hostName: 7,
  assignedTunnelId: 9,
  receiveWindowSize: 10,
  assignedSessionId: 14,
  callSerialNumber: 15,
  framingType: 19,
  txConnectSpeed: 24,
} as const

/** Bits of framingCapabilities and framingType. */
export const FRAMING_SYNC = 1
export const FRAMING_ASYNC = 2

export type Result = { readonly result: number; readonly error: number; readonly message: string }

const data = (c: Control, type: number, min: number): Uint8Array | undefined => {
  const found = c.avps.find((a) => a.type === type)?.data
  return found !== undefined && found.length >= min ? found : undefined
}
function number16(c: Control, type: number): number | undefined {
  const b = data(c, type, 2)
  return b && u16(b, 0)
}
function number32(c: Control, type: number): number | undefined {
  const b = data(c, type, 4)
  return b && u32(b, 0)
}

/** Undefined for a zero-length body; section 4.1 wants this AVP to be the first. */
export const messageType = (c: Control): number | undefined =>
  c.avps[0]?.type === AVP.messageType ? number16(c, AVP.messageType) : undefined
/** Version in the high octet, revision in the low one. */
export const protocolVersion = (c: Control): number | undefined => number16(c, AVP.protocolVersion)
export const framingCapabilities = (c: Control): number | undefined => number32(c, AVP.framingCapabilities)
export const assignedTunnelId = (c: Control): number | undefined => number16(c, AVP.assignedTunnelId)
export const receiveWindowSize = (c: Control): number | undefined => number16(c, AVP.receiveWindowSize)
export const assignedSessionId = (c: Control): number | undefined => number16(c, AVP.assignedSessionId)
export const callSerialNumber = (c: Control): number | undefined => number32(c, AVP.callSerialNumber)
export const framingType = (c: Control): number | undefined => number32(c, AVP.framingType)
export const txConnectSpeed = (c: Control): number | undefined => number32(c, AVP.txConnectSpeed)

export function hostName(c: Control): string | undefined {
  const b = data(c, AVP.hostName, 1)
  return b && ascii(b, 0, b.length)
}

export function resultCode(c: Control): Result | undefined {
  const b = data(c, AVP.resultCode, 2)
  return b && { result: u16(b, 0), error: b.length >= 4 ? u16(b, 2) : 0, message: ascii(b, 4, b.length) }
}

function avp16(type: number, v: number): Avp {
  const b = new Uint8Array(2)
  put16(b, 0, v)
  return { type, mandatory: true, data: b }
}
function avp32(type: number, v: number): Avp {
  const b = new Uint8Array(4)
  put32(b, 0, v)
  return { type, mandatory: true, data: b }
}

/** Builders: `avps: [avp.messageType(SCCRQ), avp.protocolVersion(), ...]`. */
export const avp = {
  messageType: (v: number): Avp => avp16(AVP.messageType, v),
  /** Version 1 revision 0, the only one. */
  protocolVersion: (): Avp => avp16(AVP.protocolVersion, 0x0100),
  framingCapabilities: (bits: number): Avp => avp32(AVP.framingCapabilities, bits),
  bearerCapabilities: (bits: number): Avp => avp32(AVP.bearerCapabilities, bits),
  assignedTunnelId: (id: number): Avp => avp16(AVP.assignedTunnelId, id),
  receiveWindowSize: (n: number): Avp => avp16(AVP.receiveWindowSize, n),
  assignedSessionId: (id: number): Avp => avp16(AVP.assignedSessionId, id),
  callSerialNumber: (n: number): Avp => avp32(AVP.callSerialNumber, n),
  framingType: (bits: number): Avp => avp32(AVP.framingType, bits),
  txConnectSpeed: (bitsPerSecond: number): Avp => avp32(AVP.txConnectSpeed, bitsPerSecond),
  hostName(name: string): Avp {
    const b = new Uint8Array(name.length)
    putAscii(b, 0, name)
    return { type: AVP.hostName, mandatory: true, data: b }
  },
  resultCode({ result, error, message }: Result): Avp {
    const b = new Uint8Array(4 + message.length)
    put16(b, 0, result)
    put16(b, 2, error)
    putAscii(b, 4, message)
    return { type: AVP.resultCode, mandatory: true, data: b }
  },
}
