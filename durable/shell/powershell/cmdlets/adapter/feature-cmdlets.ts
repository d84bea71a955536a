// Get-, Set-, Enable- and Disable-NetAdapter... of features.ts.
import type { InterfaceView } from '../../../../engine/machine/views.ts'
import type { Bound, Call, Cmdlet } from '../../cmdlet.ts'
import { documented } from '../../signatures/index.ts'
import { text } from '../../values/text.ts'
import { isObject, type PsObject, type PsValue, property } from '../../values/value.ts'
import { chooseFrom, chosenOf, cim, refusal, systemError } from '../cim.ts'
import { adapters } from '../get-net-adapter.ts'
import { acting } from '../kept/verbs.ts'
import { netOf } from '../windows-net.ts'
import { restartAdapter } from './change.ts'
import { ABSENT, DIRECTIONS, FEATURES, type Feature, featureClass, PROFILES, type Setting, shownValue } from './features.ts'

const NetAdapter = { module: 'NetAdapter' } as const
const byName = { Name: 'Name', InterfaceDescription: 'InterfaceDescription' } as const

function featureObject(feature: Feature, one: InterfaceView, set: { readonly [keyword: string]: string }): PsObject {
  const values = new Map(
    feature.settings.map((setting): [string, PsValue] => [
      setting.name,
      shownValue(setting, setting.usual(one) === undefined ? undefined : (set[setting.keyword] ?? setting.usual(one))),
    ]),
  )
  const value = (name: string): PsValue => values.get(name) ?? null
  return cim(featureClass(feature.noun), {
    Name: one.name,
    InterfaceDescription: one.description,
    ...Object.fromEntries(values),
    ...feature.more?.(one, value),
    InterfaceIndex: one.index,
    ifAlias: one.name,
    InterfaceAlias: one.name,
  })
}

function featureObjects(call: Call, feature: Feature): PsObject[] {
  const details = new Map(
    netOf(call)
      .adapterDetails()
      .map((one) => [one.index, one.properties]),
  )
  return adapters(call.kernel)
    .filter(({ kind }) => feature.physical !== true || kind !== 'virtual')
    .map((one) => featureObject(feature, one, details.get(one.index) ?? {}))
}

/** The registry value of what the line says; undefined: it is none. */
function registryValue({ shape, name }: Setting, bound: Bound): string | undefined {
  switch (shape) {
    case 'bool':
      return bound.flag(name) ? '1' : '0'
    case 'direction':
      return at(DIRECTIONS, bound.text(name))
    case 'profile':
      return at(PROFILES, bound.text(name))
    case 'power':
      return bound.text(name) === 'Enabled' ? '1' : '0'
    case 'number': {
      const given = bound.number(name) ?? -1
      return given >= 0 && given <= 65_535 ? String(given) : undefined
    }
    default:
      return shape satisfies never
  }
}

const at = (words: readonly string[], word: string | undefined): string | undefined => {
  const found = words.indexOf(word ?? '')
  return found < 0 ? undefined : String(found)
}

/** What each setting is to be; a driver is restarted to heed it unless the line says not to. */
function* change(call: Call, bound: Bound, feature: Feature, wish: readonly (readonly [Setting, string | undefined])[]) {
  const className = featureClass(feature.noun)
  const chosen = chosenOf(call, bound, className, featureObjects(call, feature), byName, 'key', ['InterfaceIndex'])
  const restarts = !bound.flag('NoRestart')
  for (const one of chosen) {
    const index = Number(property(one, 'InterfaceIndex'))
    const adapter = adapters(call.kernel).find((each) => each.index === index)
    let done = true
    for (const [setting, value] of wish) {
      // A driver that does not have it has no keyword for it.
      if (value === undefined || adapter === undefined || setting.usual(adapter) === undefined) {
        call.error(systemError(`No matching keyword value found for '${setting.name}'. `, 87, `${className}:String`))
        done = false
        continue
      }
      const set = netOf(call).setAdapterProperty(index, setting.keyword, value === setting.usual(adapter) ? null : value)
      if (set.ok) continue
      call.error(refusal(set, `${className}:String`))
      done = false
    }
    if (done && wish.length > 0 && restarts && adapter?.enabled === true) restartAdapter(call, index)
    if (done && bound.flag('PassThru'))
      for (const now of featureObjects(call, feature)) if (property(now, 'InterfaceIndex') === index) yield* call.emit(now)
  }
}

const getter = (feature: Feature): Cmdlet =>
  acting(
    `Get-NetAdapter${feature.noun}`,
    NetAdapter,
    `Gets the ${feature.what} of the network adapter.`,
    function* (call, bound) {
      const className = featureClass(feature.noun)
      const found = chooseFrom(call, bound, className, featureObjects(call, feature), byName, 'key')
      // Those of coalescing also choose by how it goes.
      const states = ['IPv4OperationalState', 'IPv6OperationalState', 'IPv4FailureReason', 'IPv6FailureReason']
      const more = feature.noun === 'Rsc' ? Object.fromEntries(states.map((name) => [name, name])) : {}
      for (const one of chooseFrom(call, bound, className, found, more, 'silent')) yield* call.emit(one)
    },
  )

const SAME = 'The frames on the wire are the same either way.'

const setter = (feature: Feature): Cmdlet =>
  acting(
    `Set-NetAdapter${feature.noun}`,
    { ...NetAdapter, className: featureClass(feature.noun) },
    `Sets the ${feature.what} of the network adapter. ${SAME}`,
    (call, bound) => {
      const given = feature.settings.filter(({ name }) => bound.has(name))
      return change(
        call,
        bound,
        feature,
        given.map((setting) => [setting, registryValue(setting, bound)]),
      )
    },
  )

const switching = (feature: Feature, on: boolean): Cmdlet =>
  acting(
    `${on ? 'Enable' : 'Disable'}-NetAdapter${feature.noun}`,
    { ...NetAdapter, className: featureClass(feature.noun) },
    `${on ? 'Enables' : 'Disables'} the ${feature.what} of the network adapter. ${SAME}`,
    (call, bound) => {
      const all = feature.settings.filter(({ flag }) => flag !== undefined)
      const named = all.filter(({ flag }) => flag !== '' && bound.flag(flag ?? ''))
      const meant = named.length > 0 ? named : withoutLacking(call, feature, all)
      return change(
        call,
        bound,
        feature,
        meant.map((setting) => [setting, on ? (setting.shape === 'direction' ? '3' : '1') : '0']),
      )
    },
  )

/** Without a word, what the drivers have. */
function withoutLacking(call: Call, feature: Feature, all: readonly Setting[]): readonly Setting[] {
  const some = adapters(call.kernel).filter(({ kind }) => feature.physical !== true || kind !== 'virtual')
  return all.filter((setting) => some.some((one) => setting.usual(one) !== undefined))
}

/** Nothing has it: a line that names an adapter is told so, as on a computer whose adapters do not have it. */
const absent = (verb: string, noun: string, what: string): Cmdlet => {
  const className = featureClass(noun)
  return acting(
    `${verb}-NetAdapter${noun}`,
    { ...NetAdapter, className },
    `${{ Get: 'Gets', Set: 'Sets', Enable: 'Enables', Disable: 'Disables' }[verb] ?? verb} the ${what} of the network adapter. The adapters of a lab have none.`,
    (call, bound) => {
      const signature = documented.get(`${verb}-NetAdapter${noun}`.toLowerCase())?.signature()
      for (const one of signature?.parameters ?? []) bound.has(one.name)
      if (bound.has('InputObject')) {
        for (const one of bound.list('InputObject').filter(isObject))
          call.error(systemError('The requested operation is not supported. ', 50, `${text(property(one, 'Name') ?? '')}:String`))
        return
      }
      chooseFrom(call, bound, className, [], byName, 'key')
    },
  )
}

export const featureCmdlets: readonly Cmdlet[] = [
  ...FEATURES.flatMap((feature) => [
    getter(feature),
    ...(documented.has(`set-netadapter${feature.noun.toLowerCase()}`) ? [setter(feature)] : []),
    ...(documented.has(`enable-netadapter${feature.noun.toLowerCase()}`)
      ? [switching(feature, true), switching(feature, false)]
      : []),
  ]),
  ...ABSENT.flatMap(([noun, what]) =>
    ['Get', 'Set', 'Enable', 'Disable']
      .filter((verb) => documented.has(`${verb}-netadapter${noun}`.toLowerCase()))
      .map((verb) => absent(verb, noun, what)),
  ),
]
