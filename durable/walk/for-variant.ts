import type { Variant } from '../definition/variants/index.ts'
import { parseScript, type ScriptFault, type Step } from './script.ts'

export type ScriptForVariant = {
  readonly text: string
  readonly steps: readonly Step[]
  readonly faults: readonly ScriptFault[]
}

const FOR = /^@\s+for\s+([a-z][A-Za-z0-9-]*)((?:\s+[a-z][A-Za-z0-9-]*)+)\s*$/
const END = /^@\s+end\s*$/

/**
 * A script as it is for one variant: placeholders filled in, and of what stands between `@ for NAME VALUE [VALUE ...]` and `@ end`
 * only what is for the values drawn. Lines keep their numbers.
 */
export function scriptFor(text: string, variant: Variant): ScriptForVariant {
  const drawn = new Map(variant.values.map(({ name, value }) => [name, value]))
  const faults: ScriptFault[] = []
  let kept = true
  let inside = false
  const lines = text.split('\n').map((line, at) => {
    const [, name, values] = FOR.exec(line) ?? []
    if (name !== undefined && values !== undefined) {
      if (inside) faults.push({ line: at + 1, reason: 'stands within another `@ for`' })
      if (!drawn.has(name)) faults.push({ line: at + 1, reason: `no value is named ${name}` })
      inside = true
      kept = values
        .trim()
        .split(/\s+/)
        .includes(drawn.get(name) ?? '')
      return ''
    }
    if (!END.test(line)) return kept ? line : ''
    if (!inside) faults.push({ line: at + 1, reason: 'ends nothing' })
    inside = false
    kept = true
    return ''
  })
  const filled = variant.fill(lines.join('\n'))
  const { steps, faults: wrong } = parseScript(filled.text)
  return {
    text: filled.text,
    steps,
    faults: [...faults, ...filled.faults.map(({ line, reason }) => ({ line, reason })), ...wrong],
  }
}
