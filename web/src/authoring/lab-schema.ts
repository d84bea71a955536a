// What may stand at a place of a lab.yaml, as the published schema says it.
import type { Place, Step } from './yaml-place.ts'

export type Schema = {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}
export type Offer = {
  readonly label: string
  readonly detail: string
  readonly info: string
  readonly kind: 'field' | 'value'
  readonly needed?: boolean
}

function alternatives(schema: Schema | undefined, root: Schema): Schema[] {
  if (schema === undefined) return []
  if (schema.$ref !== undefined) return alternatives(root.$defs?.[schema.$ref.replace('#/$defs/', '')], root)
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return inner.length === 0 ? [schema] : inner.flatMap((one) => alternatives(one, root))
}

function below(schema: Schema, step: Step): Schema | undefined {
  if (typeof step === 'number') return schema.items ?? schema.prefixItems?.[0]
  const field = schema.properties !== undefined && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined
  return field ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined)
}

/** Of several kinds of block, those that the fields beside do not rule out. */
function fitting(schemas: readonly Schema[], beside: ReadonlyMap<string, string>): readonly Schema[] {
  const rulesOut = (schema: Schema) =>
    Object.entries(schema.properties ?? {}).some(([name, { const: wanted }]) => {
      const found = beside.get(name)
      return wanted !== undefined && found !== undefined && found !== '' && String(wanted) !== found
    })
  const left = schemas.filter((schema) => !rulesOut(schema))
  return left.length > 0 ? left : schemas
}

function schemasAt(root: Schema, { path, beside }: Place): readonly Schema[] {
  let found = alternatives(root, root)
  for (const step of path) found = found.flatMap((schema) => alternatives(below(schema, step), root))
  return fitting(found, beside)
}

const kindOf = (schema: Schema, root: Schema): string => {
  const words = alternatives(schema, root).map((one) =>
    one.const !== undefined
      ? String(one.const)
      : one.enum !== undefined
        ? one.enum.join(' | ')
        : ({ object: 'fields', array: 'list', string: 'text', integer: 'number', boolean: 'true | false' }[one.type ?? ''] ??
          one.type ??
          ''),
  )
  const text = [...new Set(words.filter((word) => word !== ''))].join(' | ')
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

const infoOf = ({ description = '', default: preset }: Schema) =>
  description.includes('default') || preset === undefined || typeof preset === 'object'
    ? description
    : `${description}${description === '' ? '' : '; '}default: ${String(preset)}`

/** Names of the machines of the file, for fields that speak of one. */
export function machinesOf(text: string): string[] {
  const [, block = ''] = /^machines:[^\n]*\n((?:[ #][^\n]*\n?|\n)*)/m.exec(text) ?? []
  return [...block.matchAll(/^ {2}([a-z][a-z0-9-]*):/gm)].map(([, name]) => name)
}

export function offersAt(root: Schema, place: Place, text: string): Offer[] {
  const offers = new Map<string, Offer>()
  const schemas = schemasAt(root, place)
  if (place.at === 'key') {
    for (const { properties = {}, required = [] } of schemas)
      for (const [label, schema] of Object.entries(properties)) {
        if (offers.has(label) || place.beside.has(label)) continue
        const needed = required.includes(label) && schema.default === undefined
        offers.set(label, { label, detail: kindOf(schema, root), info: infoOf(schema), kind: 'field', needed })
      }
    return [...offers.values()]
  }
  const step = place.key ?? 0
  const inside = schemas.flatMap((schema) => (place.key === null ? [schema] : alternatives(below(schema, step), root)))
  for (const schema of inside) {
    const values =
      schema.const !== undefined
        ? [schema.const]
        : schema.enum !== undefined
          ? schema.enum
          : schema.type === 'boolean'
            ? [true, false]
            : []
    const ofBlock =
      place.key === null ? undefined : schemas.find((one) => one.properties?.[place.key ?? '']?.const === schema.const)
    for (const value of values)
      offers.set(String(value), {
        label: String(value),
        detail: '',
        info: (schema.const !== undefined && ofBlock?.description) || infoOf(schema),
        kind: 'value',
      })
  }
  if (place.key === 'machine' || place.key === 'from' || place.key === 'of' || place.key === 'target')
    for (const label of machinesOf(text))
      if (!offers.has(label)) offers.set(label, { label, detail: 'machine of this lab', info: '', kind: 'value' })
  return [...offers.values()]
}

/** What a field is for. */
export function aboutField(root: Schema, place: Place, name: string): { readonly kind: string; readonly info: string } | null {
  for (const schema of schemasAt(root, { ...place, beside: new Map(place.beside) })) {
    const found = below(schema, name)
    if (found !== undefined) return { kind: kindOf(found, root), info: infoOf(found) }
  }
  return null
}
