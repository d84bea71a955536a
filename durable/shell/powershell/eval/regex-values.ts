// [regex] and what its methods answer.
import type { Match, Regex } from '../../windows/regex/regex.ts'
import { text } from '../values/text.ts'
import { object, PsList, type PsObject, type PsValue } from '../values/value.ts'
import { compiled, replaced, split } from './operators.ts'
import { boundList } from './session.ts'

const KIND = 'System.Text.RegularExpressions'

/** A match as an object; its groups are found by number and by name. */
export function matchObject(found: Match | undefined, pattern: Regex): PsObject {
  const names = new Map([...pattern.names].map(([name, at]) => [at, name]))
  const groups = (found?.groups ?? [undefined]).map((group, at) =>
    object(
      at === 0 ? `${KIND}.Match` : `${KIND}.Group`,
      { Success: group !== undefined, Name: names.get(at) ?? String(at), Length: group?.length ?? 0, Value: group ?? '' },
      group ?? '',
    ),
  )
  return object(
    `${KIND}.Match`,
    {
      Groups: new PsList(`${KIND}.GroupCollection`, groups),
      Success: found !== undefined,
      Name: '0',
      Captures: '{0}',
      Index: found?.index ?? 0,
      Length: found?.text.length ?? 0,
      Value: found?.text ?? '',
    },
    found?.text ?? '',
  )
}

export function allMatches(value: string, pattern: Regex): PsObject[] {
  const out: PsObject[] = []
  for (let at = 0; at <= value.length; ) {
    const found = pattern.match(value, at)
    if (found === undefined) break
    out.push(matchObject(found, pattern))
    boundList(out.length)
    at = found.text === '' ? found.index + 1 : found.index + found.text.length
  }
  return out
}

/** `[regex]::Name(input, pattern, ...)`; undefined when there is no such method. */
export function regexCall(name: string, args: readonly PsValue[]): PsValue | undefined {
  const [input, pattern, third] = [text(args[0] ?? ''), text(args[1] ?? ''), text(args[2] ?? '')]
  const fold = args.slice(2).some((one) => /\bIgnoreCase\b/i.test(text(one)))
  switch (name) {
    case 'ismatch':
      return compiled(pattern, fold).match(input) !== undefined
    case 'match': {
      const made = compiled(pattern, fold)
      return matchObject(made.match(input), made)
    }
    case 'matches':
      return allMatches(input, compiled(pattern, fold))
    case 'replace':
      return replaced(input, pattern, third, fold && args.length > 3)
    case 'split':
      return split(input, pattern, fold)
    case 'escape':
      return input.replace(/[\\*+?|{[()^$.#\s]/g, (char) => (char === '\n' ? '\\n' : char === '\t' ? '\\t' : `\\${char}`))
    case 'unescape':
      return input.replace(/\\(.)/g, '$1')
    default:
      return undefined
  }
}
