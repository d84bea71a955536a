// The identification line of SSH (RFC 4253 section 4.2); everything after it is cipher text to us.
import { ascii } from '../bytes.ts'
import { add, type Context, data, layer, protocol } from './context.ts'

export const PORT = 22

export function dissectSsh(c: Context, at: number, end: number): void {
  const line = /^SSH-2\.0-[^\r\n]*/.exec(ascii(c.b, at, Math.min(end, at + 255)))?.[0]
  if (line === undefined) return data(c, at, end)
  add(layer(c, 'SSH Protocol', at, end), 'Protocol', line, at, line.length)
  protocol(c, 'SSH', `${c.ports.dst === PORT ? 'Client' : 'Server'}: Protocol (${line})`)
}
