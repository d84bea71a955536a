import { fields, parseFilter } from '../../../../durable/engine/wire/filter/index.ts'

/** Where the text cannot be read, and why. */
export type FilterFault = { readonly from: number; readonly to: number; readonly message: string }

export type Reading =
  | { readonly kind: 'filter' }
  | { readonly kind: 'words' }
  | { readonly kind: 'fault'; readonly fault: FilterFault }

const signs = /[=<>&|()]|\b(and|or|xor)\b/i

/** Somebody means a display filter and not words to look for: it has its signs, or begins a field of a protocol. */
function meant(text: string): boolean {
  if (signs.test(text)) return true
  const protocol = /^\s*!?\s*([a-z0-9]+)\.[a-z0-9_.]*\s/i.exec(`${text} `)?.[1].toLowerCase()
  return protocol !== undefined && fieldsOf(protocol)
}

function fieldsOf(protocol: string): boolean {
  for (const name of fields.keys()) if (name.startsWith(`${protocol}.`)) return true
  return false
}

/** Text that parses is a display filter; text that does not, but is meant as one, is one with a fault. The rest is words. */
export function read(text: string): Reading {
  if (text.trim() === '') return { kind: 'words' }
  const parsed = parseFilter(text)
  if (parsed.ok) return { kind: 'filter' }
  if (!meant(text)) return { kind: 'words' }
  const from = Math.min(parsed.at, Math.max(text.length - 1, 0))
  const to = Math.min(Math.max(from + parsed.length, from + 1), text.length)
  return { kind: 'fault', fault: { from, to, message: parsed.message } }
}
