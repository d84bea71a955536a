// Get-, New-, Set-, Remove-, Enable-, Disable-, Rename- and Copy- of objects that are kept by name.
import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import type { Bound, Call, Cmdlet, Work } from '../../cmdlet.ts'
import { documented } from '../../signatures/index.ts'
import { refusal } from '../cim.ts'
import { newStore } from '../policy-store.ts'
import { netOf } from '../windows-net.ts'
import { asAsked, chosenItems, fieldsGiven, itemsOf, type Kind, keptObject, put, targetOf } from './kind.ts'

/** No session of a domain's policy can be opened, so none can be given. */
const ELSEWHERE = /^(CimSession|ThrottleLimit|AsJob|GPOSession|NewGPOSession)$/

/** A documented cmdlet that acts on all its parameters but a few. */
export function acting(
  name: string,
  kind: Pick<Kind, 'module'> & Partial<Pick<Kind, 'classes' | 'className'>>,
  synopsis: string,
  run: (call: Call, bound: Bound) => Work,
  without: readonly string[] = [],
): Cmdlet {
  let names: readonly string[] | undefined
  return {
    name,
    module: kind.module,
    synopsis,
    // Read when it is asked for: a console that never does pays nothing.
    get supports() {
      names ??= (documented.get(name.toLowerCase())?.signature().parameters ?? [])
        .map((one) => one.name)
        .filter((one) => !ELSEWHERE.test(one) && !without.includes(one))
      return names
    },
    classes: { ...kind.classes, ...(kind.className === undefined ? {} : { InputObject: kind.className }) },
    start: (call) => ({ process: (bound) => run(call, bound) }),
  }
}

const said = ({ limit }: Kind, sentence: string): string => (limit === '' ? sentence : `${sentence} ${limit}`)

/** Shows one again as it is now. */
const now = (call: Call, kind: Kind, item: KeptItem) => call.emit(keptObject(call, kind, item))

export const getKept = (kind: Kind, verb = 'Get', without: readonly string[] = []): Cmdlet =>
  acting(
    `${verb}-${kind.noun}`,
    kind,
    `Gets ${kind.thing}s.`,
    function* (call, bound) {
      for (const item of chosenItems(call, bound, kind, true)) yield* now(call, kind, asAsked(call, bound, kind, item))
    },
    without,
  )

export const newKept = (
  kind: Kind,
  without: readonly string[] = [],
  nameOf: (call: Call, bound: Bound) => string = (_, bound) => bound.text(kind.id) ?? '',
): Cmdlet =>
  acting(
    `New-${kind.noun}`,
    kind,
    said(kind, `Creates a new ${kind.thing}.`),
    function* (call, bound) {
      const props = fieldsGiven(call, bound, kind)
      const store = kind.policy ? newStore(call, 'PolicyStore', bound.text('PolicyStore')) : 'PersistentStore'
      const name = nameOf(call, bound)
      const items = itemsOf(call, kind)
      const taken = items.some((one) => one.store === store && one.name.toLowerCase() === name.toLowerCase())
      if (name !== '' && taken) return call.error(refusal({ ok: false, error: 'exists' }, targetOf(kind)))
      const made = props && put(call, kind, { name, store, props })
      if (made === undefined) return
      if (kind.warning !== undefined) call.warn(kind.warning)
      yield* now(call, kind, made)
    },
    without,
  )

/** Changes each that the line means; `to` answers what it becomes, undefined after an error. */
function* change(call: Call, bound: Bound, kind: Kind, items: readonly KeptItem[], to: (item: KeptItem) => KeptItem | undefined) {
  const shows = bound.flag('PassThru')
  for (const item of items) {
    const wish = to(item)
    const made = wish && put(call, kind, wish)
    if (made !== undefined && shows) yield* now(call, kind, made)
  }
}

export const setKept = (kind: Kind, without: readonly string[] = []): Cmdlet =>
  acting(
    `Set-${kind.noun}`,
    kind,
    said(kind, `Modifies ${kind.thing}s.`),
    (call, bound) => {
      const given = fieldsGiven(call, bound, kind) ?? {}
      // On the line they choose; what it becomes is told apart.
      for (const name of ['DisplayName', 'Group']) delete given[name]
      if (bound.has('NewDisplayName')) given['DisplayName'] = bound.text('NewDisplayName') ?? ''
      const items = chosenItems(call, bound, kind, false)
      // What nobody made, nobody was told of.
      if (kind.preset !== undefined && kind.warning !== undefined && items.length > 0) call.warn(kind.warning)
      return change(call, bound, kind, items, (item) => ({
        ...item,
        props: { ...item.props, ...given },
      }))
    },
    without,
  )

export const removeKept = (kind: Kind, without: readonly string[] = []): Cmdlet =>
  acting(
    `Remove-${kind.noun}`,
    kind,
    `Deletes ${kind.thing}s.`,
    function* (call, bound) {
      for (const item of chosenItems(call, bound, kind, true)) {
        const done = netOf(call).removeKept(kind.noun, item.name, item.store)
        if (!done.ok) call.error(refusal(done, `${item.name}:String`))
        else if (bound.flag('PassThru')) yield* now(call, kind, item)
      }
    },
    without,
  )

export const enableKept = (kind: Kind, on: boolean, without: readonly string[] = []): Cmdlet =>
  acting(
    `${on ? 'Enable' : 'Disable'}-${kind.noun}`,
    kind,
    said(kind, `${on ? 'Enables' : 'Disables'} ${kind.thing}s.`),
    (call, bound) => {
      const items = chosenItems(call, bound, kind, true)
      if (on && kind.warning !== undefined && items.length > 0) call.warn(kind.warning)
      return change(call, bound, kind, items, (item) => ({ ...item, props: { ...item.props, Enabled: on ? 'True' : 'False' } }))
    },
    without,
  )

export const renameKept = (kind: Kind, without: readonly string[] = []): Cmdlet =>
  acting(
    `Rename-${kind.noun}`,
    kind,
    `Renames ${kind.thing}s.`,
    (call, bound) => {
      const name = bound.text('NewName') ?? ''
      const items = chosenItems(call, bound, kind, true)
      return change(call, bound, kind, items, (item) => {
        const taken = netOf(call)
          .keptItems(kind.noun)
          .some((one) => one.store === item.store && one.name.toLowerCase() === name.toLowerCase())
        if (taken) {
          call.error(refusal({ ok: false, error: 'exists' }, targetOf(kind)))
          return undefined
        }
        netOf(call).removeKept(kind.noun, item.name, item.store)
        return { ...item, name }
      })
    },
    without,
  )

export const copyKept = (kind: Kind): Cmdlet =>
  acting(`Copy-${kind.noun}`, kind, `Copies ${kind.thing}s.`, (call, bound) => {
    const name = bound.text('NewName')
    const to = bound.text('NewPolicyStore')
    const items = chosenItems(call, bound, kind, true)
    return change(call, bound, kind, items, (item) => {
      const copy = {
        ...item,
        name: name ?? item.name,
        store: to === undefined ? item.store : newStore(call, 'NewPolicyStore', to),
      }
      const taken = netOf(call)
        .keptItems(kind.noun)
        .some((one) => one.store === copy.store && one.name.toLowerCase() === copy.name.toLowerCase())
      if (!taken) return copy
      call.error(refusal({ ok: false, error: 'exists' }, targetOf(kind)))
      return undefined
    })
  })
