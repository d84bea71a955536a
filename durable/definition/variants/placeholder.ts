// `{{name}}`, `{{name.member}}`, `{{name.member(N)}}`: what stands for a value that is drawn.

export type Placeholder = { readonly name: string; readonly member: string; readonly argument: number | undefined }

const BRACES = /\{\{([^{}]*)\}\}/g
const WHOLE = /^\{\{([^{}]*)\}\}$/
const OPEN = /\{\{\s*[a-z][A-Za-z0-9.-]*(?:\(\d*\)?)?\s*\}?$/
const INSIDE = /^\s*([a-z][A-Za-z0-9-]*)(?:\.([a-z][A-Za-z0-9-]*)(?:\((\d{1,10})\))?)?\s*$/

export const hasPlaceholder = (text: string): boolean => text.includes('{{')

/** What stands between the braces, or undefined where it is not of this form. */
function read(inside: string): Placeholder | undefined {
  const [, name, member = '', argument] = INSIDE.exec(inside) ?? []
  return name === undefined ? undefined : { name, member, argument: argument === undefined ? undefined : Number(argument) }
}

/** Every placeholder of a text; those that cannot be read are left out. */
export const placeholdersOf = (text: string): Placeholder[] =>
  [...text.matchAll(BRACES)].flatMap(([, inside]) => read(inside as string) ?? [])

export type Scalar = string | number | boolean
/** What a placeholder stands for, or why it stands for nothing. */
export type Lookup = (placeholder: Placeholder) => { readonly is: Scalar } | { readonly wrong: string }
export type Wrong = (reason: string) => void

function stands(inside: string, lookup: Lookup, wrong: Wrong): Scalar {
  const braces = `{{${inside}}}`
  const placeholder = read(inside)
  const found = placeholder
    ? lookup(placeholder)
    : { wrong: 'is not a placeholder: it must be a name, or a name with a member such as {{net.host(10)}}' }
  if ('is' in found) return found.is
  wrong(`${braces} ${found.wrong}`)
  return braces
}

/** The text with every placeholder filled in. */
export function fillText(text: string, lookup: Lookup, wrong: Wrong): string {
  if (!hasPlaceholder(text)) return text
  const filled = text.replace(BRACES, (_, inside: string) => String(stands(inside, lookup, wrong)))
  const open = text.split('\n').find((line) => OPEN.test(line))
  if (open !== undefined) wrong('{{ is not closed by }}')
  return filled
}

/** A field that is one placeholder and nothing else is of the kind of its value: a number stays a number. */
export function fillScalar(text: string, lookup: Lookup, wrong: Wrong): Scalar {
  const whole = WHOLE.exec(text)
  return whole ? stands(whole[1] as string, lookup, wrong) : fillText(text, lookup, wrong)
}
