// What a simulated web server has to say: pages of its definition, bodies of any size that nobody has to store, and words of
// our own where it has none.

import { hashText } from '../sim/random.ts'
import { octetsOf } from '../wire/bytes.ts'

/** A body as it is asked for: octets from a place on, never all at once. */
export type Body = {
  readonly length: number
  readonly type: string
  /** Of a body that can change; the same text as long as it does not. */
  readonly tag: string
  readonly octets: (from: number, count: number) => Uint8Array
}

export type Page = {
  readonly path: string
  readonly type: string
  readonly body: string
  /** Where the page has gone, empty when it is here. */
  readonly redirect: string
}

export type Resource = Body | { readonly redirect: string }

const TYPES: { readonly [extension: string]: string } = {
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  css: 'text/css',
  js: 'text/javascript',
  json: 'application/json',
  xml: 'text/xml',
  svg: 'image/svg+xml',
}

export function typeOf(path: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? 'html'
  return TYPES[extension] ?? 'application/octet-stream'
}

/** Text of a definition as octets of UTF-8, without the platform's encoder. */
export function utf8(text: string): Uint8Array {
  const out: number[] = []
  for (const symbol of text) {
    const code = symbol.codePointAt(0) as number
    if (code < 0x80) out.push(code)
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return Uint8Array.from(out)
}

export function textBody(text: string, type: string): Body {
  const bytes = utf8(text)
  return {
    length: bytes.length,
    type,
    tag: `"${bytes.length.toString(16)}-${hashText(text).toString(16)}"`,
    octets: (from, count) => bytes.slice(from, from + count),
  }
}

const UNITS: { readonly [unit: string]: number } = {
  '': 1,
  B: 1,
  KiB: 1024,
  MiB: 1 << 20,
  GiB: 1 << 30,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
}
/** No generated body is longer. */
const LARGEST = 4 * (1 << 30)
const LINE = 16

/** `/10MiB`, `/1000000`: a body of that size, lines of sixteen octets that each say where they stand. */
export function generated(path: string): Body | undefined {
  const [, digits, unit] = /^\/(\d{1,12})(B|KiB|MiB|GiB|KB|MB|GB)?$/.exec(path) ?? []
  if (digits === undefined) return undefined
  const length = Number(digits) * (UNITS[unit ?? ''] as number)
  if (length > LARGEST) return undefined
  return { length, type: 'application/octet-stream', tag: `"generated-${length}"`, octets: generatedOctets }
}

const DIGITS = octetsOf('0123456789abcdef')

export function generatedOctets(from: number, count: number): Uint8Array {
  const out = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const at = from + i
    const column = at % LINE
    if (column === LINE - 1) {
      out[i] = 10
      continue
    }
    // The line's own offset, in hexadecimal, the low eight digits behind seven zeros.
    const shift = (LINE - 2 - column) * 4
    const line = at - column
    out[i] = DIGITS[shift > 28 ? 0 : (line >>> shift) & 15] as number
  }
  return out
}

export const errorPage = (status: number, reason: string, server: string): string =>
  `<!doctype html>\n<title>${status} ${reason}</title>\n<h1>${status} ${reason}</h1>\n<p>${server}</p>\n`

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/** What a web server says that nobody has given a page. */
export const welcomePage = (name: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(name)}</title></head>
<body>
<h1>${escaped(name)}</h1>
<p>This web server is part of a simulated network, and it works: you have reached it.</p>
<p>Bodies of any size are at <a href="/1MiB">/1MiB</a>, <a href="/10MiB">/10MiB</a> and so on.</p>
</body>
</html>
`

/** What is found at a path: a page, the welcome of the root, or a generated body. */
export function find(pages: readonly Page[], name: string, path: string): Resource | undefined {
  const page = pages.find((one) => one.path === path)
  if (page !== undefined && page.redirect !== '') return { redirect: page.redirect }
  if (page !== undefined) return textBody(page.body, page.type === '' ? typeOf(page.path) : page.type)
  if (path === '/' || path === '/index.html') return textBody(welcomePage(name), 'text/html; charset=utf-8')
  return generated(path)
}
