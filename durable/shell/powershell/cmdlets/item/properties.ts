// Values of the registry as properties of their key.
import type { RegistryData, RegistryKind } from '../../../../engine/machine/windows/windows-views.ts'
import { hasWildcard, wildcard } from '../../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { toNumber } from '../../values/convert.ts'
import { text } from '../../values/text.ts'
import { type PsValue, unroll } from '../../values/value.ts'
import { windowsOf } from '../windows.ts'
import { places } from './items.ts'
import { fileObject, plainValue, propertyObject } from './objects.ts'
import { denied, missing, noProperty, type Place, placeOf } from './place.ts'

const module = 'Microsoft.PowerShell.Management'

const KINDS: { readonly [type: string]: RegistryKind } = {
  String: 'REG_SZ',
  ExpandString: 'REG_EXPAND_SZ',
  Binary: 'REG_BINARY',
  DWord: 'REG_DWORD',
  MultiString: 'REG_MULTI_SZ',
  QWord: 'REG_QWORD',
  Unknown: 'REG_SZ',
}
const TYPES = Object.keys(KINDS).join('|')
const FILTERS = 'Filter Include[] Exclude[] Credential'

/** What the value is kept as; undefined: it does not fit. */
function dataOf(kind: RegistryKind, value: PsValue): RegistryData | undefined {
  switch (kind) {
    case 'REG_DWORD':
    case 'REG_QWORD': {
      const number = toNumber(value)
      if (number === undefined || !Number.isInteger(number)) return undefined
      return kind === 'REG_DWORD' ? number >>> 0 : number
    }
    case 'REG_BINARY':
    case 'REG_NONE': {
      const octets = unroll(value).map((one) => toNumber(one) ?? -1)
      return octets.every((one) => Number.isInteger(one) && one >= 0 && one < 256) ? octets : undefined
    }
    case 'REG_MULTI_SZ':
      return unroll(value).map((one) => text(one))
    default:
      return text(value)
  }
}

/** As a value that has no kind yet is taken. */
const kindOf = (value: PsValue): RegistryKind =>
  typeof value === 'number'
    ? 'REG_DWORD'
    : Array.isArray(value)
      ? value.every((one) => typeof one === 'number')
        ? 'REG_BINARY'
        : 'REG_MULTI_SZ'
      : 'REG_SZ'

const named = (name: string): string => (/^\(default\)$/i.test(name) ? '' : name)

function* chosen(call: Call, bound: Bound) {
  for (const place of places(call, bound)) {
    if (place.kind === 'file') {
      const file = fileObject(call, place.path)
      if (file) yield { place, key: undefined, file }
      continue
    }
    const key = windowsOf(call).registryKey(place.path)
    if (key) yield { place, key, file: undefined }
  }
}

export const getItemProperty = cmdlet(
  {
    name: 'Get-ItemProperty',
    module,
    synopsis: 'Gets the properties of a specified item.',
    supports: ['Path', 'LiteralPath', 'Name'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 Name[]@1(PSProperty) ${FILTERS}`,
  },
  function* (call, bound) {
    for (const { place, key, file } of chosen(call, bound)) {
      if (file) {
        yield* call.emit(file)
        continue
      }
      const names = bound.texts('Name')
      for (const name of names)
        if (!hasWildcard(name) && !key.values.some((one) => one.name.toLowerCase() === named(name).toLowerCase()))
          call.error(noProperty(name, place))
      const object = propertyObject(
        place,
        key,
        bound.has('Name') ? (one) => names.some((name) => wildcard(name)(one)) : undefined,
      )
      const some =
        key.values.length > 0 &&
        (!bound.has('Name') ||
          key.values.some((one) => names.some((name) => wildcard(name)(one.name === '' ? '(default)' : one.name))))
      if (some) yield* call.emit(object)
    }
  },
)

export const getItemPropertyValue = cmdlet(
  {
    name: 'Get-ItemPropertyValue',
    module,
    synopsis: 'Gets the value for one or more properties of a specified item.',
    supports: ['Path', 'LiteralPath', 'Name'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path[]@0<vn#0 LiteralPath![]<n(PSPath)#1 Name![]@1(PSProperty) ${FILTERS}`,
  },
  function* (call, bound) {
    for (const { place, key, file } of chosen(call, bound))
      for (const name of bound.texts('Name')) {
        const value = key?.values.find((one) => one.name.toLowerCase() === named(name).toLowerCase())
        const own = file?.props.get(name)
        if (value) yield* call.emit(plainValue(value.data))
        else if (own !== undefined) yield* call.emit(own)
        else call.error(noProperty(name, place))
      }
  },
)

function set(call: Call, place: Place, name: string, kind: RegistryKind, value: PsValue): boolean {
  const data = dataOf(kind, value)
  if (data === undefined) {
    call.error({
      message: `Cannot convert value "${text(value)}" to type "System.Int32". Error: "Input string was not in a correct format."`,
      category: 'InvalidArgument',
      target: `${place.shown}:String`,
      exception: 'PSInvalidCastException',
      id: 'InvalidCastFromStringToInteger',
    })
    return false
  }
  const done = windowsOf(call).setRegistryValue(place.path, named(name), kind, data)
  if (!done.ok) call.error(denied(place, 'value'))
  return done.ok
}

export const setItemProperty = cmdlet(
  {
    name: 'Set-ItemProperty',
    module,
    synopsis: 'Creates or changes the value of a property of an item.',
    supports: ['Path', 'LiteralPath', 'Name', 'Value', 'Type', 'PassThru', 'Force'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path![]@0<n#0 LiteralPath![]<n(PSPath)#1 Name!@1<n(PSProperty) Value!:Object@2<n Type=${TYPES} PassThru? Force? ${FILTERS} WhatIf?(wi) Confirm?(cf)`,
  },
  function* (call, bound) {
    for (const { place, key } of chosen(call, bound)) {
      if (!key) {
        call.host('Set-ItemProperty: properties of files are set on the real one, but not here.\n')
        continue
      }
      const name = bound.text('Name') ?? ''
      const value = bound.get('Value') ?? null
      const old = key.values.find((one) => one.name.toLowerCase() === named(name).toLowerCase())
      const type = bound.text('Type')
      const kind = type !== undefined ? (KINDS[type] ?? 'REG_SZ') : (old?.kind ?? kindOf(value))
      if (!set(call, place, name, kind, value) || !bound.flag('PassThru')) continue
      const after = windowsOf(call).registryKey(place.path)
      if (after) yield* call.emit(propertyObject(place, after, (one) => one.toLowerCase() === name.toLowerCase()))
    }
  },
)

export const newItemProperty = cmdlet(
  {
    name: 'New-ItemProperty',
    module,
    synopsis: 'Creates a new property for an item and sets its value.',
    supports: ['Path', 'LiteralPath', 'Name', 'PropertyType', 'Value', 'Force'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path![]@0#0 LiteralPath![]<n(PSPath)#1 Name!@1<n(PSProperty) PropertyType<n(Type)=${TYPES} Value:Object<n Force? ${FILTERS} WhatIf?(wi) Confirm?(cf)`,
  },
  function* (call, bound) {
    for (const { place, key } of chosen(call, bound)) {
      if (!key) {
        call.host('New-ItemProperty: properties of files are made on the real one, but not here.\n')
        continue
      }
      const name = bound.text('Name') ?? ''
      if (key.values.some((one) => one.name.toLowerCase() === named(name).toLowerCase()) && !bound.flag('Force')) {
        call.error({
          message: 'The property already exists.',
          category: 'WriteError',
          target: `${place.shown}:String`,
          exception: 'IOException',
          id: 'System.IO.IOException',
        })
        continue
      }
      const kind = KINDS[bound.text('PropertyType') ?? 'String'] ?? 'REG_SZ'
      const empty: PsValue =
        kind === 'REG_DWORD' || kind === 'REG_QWORD' ? 0 : kind === 'REG_BINARY' || kind === 'REG_MULTI_SZ' ? [] : ''
      if (!set(call, place, name, kind, bound.has('Value') ? (bound.get('Value') ?? null) : empty)) continue
      const after = windowsOf(call).registryKey(place.path)
      if (after) yield* call.emit(propertyObject(place, after, (one) => one.toLowerCase() === name.toLowerCase()))
    }
  },
)

export const removeItemProperty = cmdlet(
  {
    name: 'Remove-ItemProperty',
    module,
    synopsis: 'Deletes the property and its value from an item.',
    supports: ['Path', 'LiteralPath', 'Name', 'Force'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 Name![]@1<n(PSProperty) Force? ${FILTERS} WhatIf?(wi) Confirm?(cf)`,
  },
  (call, bound) => {
    for (const { place, key } of chosen(call, bound)) {
      if (!key) {
        call.error(missing(placeOf(call, place.shown)))
        continue
      }
      for (const name of bound.texts('Name')) {
        const done = windowsOf(call).removeRegistryValue(place.path, named(name))
        if (!done.ok) call.error(done.error === 'not-found' ? noProperty(name, place) : denied(place, 'value'))
      }
    }
  },
)
