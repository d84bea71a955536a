import { isMap, isScalar, parseDocument, stringify } from 'yaml'
import { LIMITS } from '../../durable/protocol.ts'
import { sha256 } from '../auth/tokens.ts'
import type { LabTexts } from '../db/tenant/authored.ts'
import { z } from '../openapi.ts'
import { tooLarge } from '../problem.ts'

// The texts that a lab is made of, as people write and send them.

export const TEXT_LIMITS = { definition: LIMITS.definition, brief: 64 * 1024, solution: 64 * 1024, solutions: 6 } as const

export const solution = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'This is not a name: small letters, digits and hyphens, at most 40.'),
    text: z.string(),
  })
  .meta({ id: 'Solution' })
export const solutions = z
  .array(solution)
  .max(TEXT_LIMITS.solutions)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'Two solutions have the same name.')

const size = (text: string) => new TextEncoder().encode(text).length

/** Bytes count, not characters: that is what is stored. */
export function refuseLarge(texts: Partial<LabTexts>): void {
  if (size(texts.definition ?? '') > TEXT_LIMITS.definition) throw tooLarge(TEXT_LIMITS.definition, 'definition')
  if (size(texts.brief ?? '') > TEXT_LIMITS.brief) throw tooLarge(TEXT_LIMITS.brief, 'brief')
  for (const [at, { text }] of (texts.solutions ?? []).entries())
    if (size(text) > TEXT_LIMITS.solution) throw tooLarge(TEXT_LIMITS.solution, `solutions.${at}.text`)
}

export const sameTexts = (one: LabTexts, other: LabTexts): boolean => canonical(one) === canonical(other)

const canonical = ({ definition, brief, solutions }: LabTexts) =>
  JSON.stringify([definition, brief, solutions.map(({ name, text }) => [name, text])])

/** SHA-256 over `[definition, brief, [[name, text], …]]` as JSON without spaces. */
export const digestOf = (texts: LabTexts): Promise<string> => sha256(canonical(texts))

/** What lists show, as far as it can be read; what is wrong with the rest does not matter here. */
export function headlineOf(definition: string, before = { title: 'A lab without a title', summary: '' }) {
  const read = (name: string): string | undefined => {
    const { contents } = parsed(definition)
    const value: unknown = isMap(contents) ? contents.get(name) : undefined
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
  return { title: (read('title') ?? before.title).slice(0, 100), summary: (read('summary') ?? before.summary).slice(0, 500) }
}

const parsed = (definition: string) => parseDocument(definition, { logLevel: 'silent', stringKeys: true })

/** The same file under another title; every other character stays as it was written. */
export function retitled(definition: string, title: string): string {
  const { contents } = parsed(definition)
  const node = isMap(contents) ? contents.get('title', true) : undefined
  if (!isScalar(node) || !node.range) return definition
  const [from, to] = node.range
  const breaks = /\n\s*$/.exec(definition.slice(from, to))?.[0] ?? ''
  return definition.slice(0, from) + stringify(title, { lineWidth: 0 }).trimEnd() + breaks + definition.slice(to)
}
