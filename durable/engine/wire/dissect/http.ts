// The first line of an HTTP/1 message. What runs over one segment is told as a part of it; nothing is put together.
import { ascii } from '../bytes.ts'
import { add, type Context, data, layer, protocol } from './context.ts'

const START = /^(?:(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3}[^\r\n]*)\r\n/
const HEADER_LIMIT = 8192

function mediaType(type: string): string {
  return type === 'application/json' ? ', JavaScript Object Notation (application/json)' : ` (${type})`
}

export function dissectHttp(c: Context, at: number, end: number): void {
  const text = ascii(c.b, at, Math.min(end, at + HEADER_LIMIT))
  const bodyStart = text.indexOf('\r\n\r\n') + 4
  if (!START.test(text) || bodyStart < 4) return data(c, at, end)
  const header = text.slice(0, bodyStart)
  const length = Number(/\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n/i.exec(header)?.[1] ?? 0)
  if (bodyStart + length > end - at) {
    c.columns.info += ' [TCP segment of a reassembled PDU]'
    return data(c, at, end)
  }
  const body = end - at - bodyStart
  const type = /\r\ncontent-type:[ \t]*([^;\s]+)/i.exec(header)?.[1].toLowerCase()
  const lines = header.split('\r\n')
  const l = layer(c, 'Hypertext Transfer Protocol', at, end)
  let i = at
  for (const line of lines.slice(0, -2)) {
    const colon = i === at ? -1 : line.indexOf(':')
    if (colon < 0) add(l, i === at ? 'Start line' : 'Line', line, i, line.length + 2)
    else add(l, line.slice(0, colon), line.slice(colon + 1).trim(), i, line.length + 2)
    i += line.length + 2
  }
  if (body > 0) add(l, 'File data', `${body} bytes`, at + bodyStart, body)
  const shown = body > 0 && type !== undefined ? mediaType(type) : ''
  protocol(c, shown !== '' && type === 'application/json' ? 'HTTP/JSON' : 'HTTP', `${lines[0]} ${shown}`)
}
