// Dynamic keyword addresses: GUIDs that rules of the firewall name, and the addresses that they stand for at the moment.
import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import { addressTest } from '../../../../engine/service/firewall/rule.ts'
import type { Bound, Call, Cmdlet } from '../../cmdlet.ts'
import { refusal, systemError } from '../cim.ts'
import { chosenItems, type Kind, keptObject, put, targetOf } from '../kept/kind.ts'
import { acting, newKept } from '../kept/verbs.ts'
import { storeNamed } from '../policy-store.ts'
import { netOf } from '../windows-net.ts'

const GUID = /^\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i

const addressesOf = ({ props }: Pick<KeptItem, 'props'>): string[] =>
  Array.isArray(props['Addresses']) ? props['Addresses'].map(String) : []

const kind: Kind = {
  noun: 'NetFirewallDynamicKeywordAddress',
  className: 'MSFT_NetFirewallDynamicKeywordAddress',
  module: 'NetSecurity',
  thing: 'dynamic keyword address',
  limit:
    'Rules that name it by -RemoteDynamicKeywordAddresses mean its addresses. Names that resolve by themselves never do here.',
  id: 'Id',
  policy: false,
  fields: [
    { name: 'Keyword', usual: '', shape: 'word' },
    { name: 'AutoResolve', usual: false, shape: 'bool' },
    { name: 'Addresses', usual: [], shape: 'list' },
  ],
  fault: (props) => {
    const addresses = addressesOf({ props })
    return addresses.every((one) => addressTest(one) !== undefined) && !(props['AutoResolve'] === true && addresses.length > 0)
      ? undefined
      : 'The parameter is incorrect.'
  },
}

/** Braces or not, it is the same. */
const idOf = (given: string): string => `{${given.replace(/[{}]/g, '')}}`

function* make(call: Call, bound: Bound) {
  const given = bound.text('Id') ?? ''
  if (!GUID.test(given)) return call.error(systemError('The parameter is incorrect. ', 87, targetOf(kind)))
  if (bound.flag('AutoResolve'))
    call.warn('A keyword that resolves by itself is kept and listed, but here nobody looks its name up for the firewall.')
  yield* newKept(kind, [], () => idOf(given))
    .start(call)
    .process?.(bound, undefined) ?? []
}

/** Those of the line: by what they are called, or by how they come to their addresses. */
function chosen(call: Call, bound: Bound): KeptItem[] {
  if (bound.has('PolicyStore') && storeNamed(call, 'PolicyStore', bound.text('PolicyStore') ?? '') === 'GroupPolicy') return []
  if (bound.has('InputObject')) return chosenItems(call, bound, kind, false)
  const all = netOf(call).keptItems(kind.noun)
  if (bound.flag('AllAutoResolve')) return all.filter(({ props }) => props['AutoResolve'] === true)
  if (bound.flag('AllNonAutoResolve')) return all.filter(({ props }) => props['AutoResolve'] !== true)
  if (!bound.has('Id')) return [...all]
  return bound.texts('Id').flatMap((id) => {
    const some = all.filter(({ name }) => name.toLowerCase() === idOf(id).toLowerCase())
    if (some.length === 0) call.error(refusal({ ok: false, error: 'not-found' }, `${id}:String`))
    return some
  })
}

export const keywordCmdlets: readonly Cmdlet[] = [
  acting(`New-${kind.noun}`, kind, `Creates a new dynamic keyword address. ${kind.limit}`, make),
  acting(`Get-${kind.noun}`, kind, 'Gets dynamic keyword addresses.', function* (call, bound) {
    for (const item of chosen(call, bound)) yield* call.emit(keptObject(call, kind, item))
  }),
  acting(`Remove-${kind.noun}`, kind, 'Deletes dynamic keyword addresses.', function* (call, bound) {
    for (const item of chosen(call, bound)) {
      const done = netOf(call).removeKept(kind.noun, item.name, item.store)
      if (!done.ok) call.error(refusal(done, targetOf(kind)))
      else if (bound.flag('PassThru')) yield* call.emit(keptObject(call, kind, item))
    }
  }),
  acting(`Update-${kind.noun}`, kind, 'Updates the addresses of a dynamic keyword address.', (call, bound) => {
    const given = bound.texts('Addresses').flatMap((one) => one.split(',').map((part) => part.trim()))
    for (const item of chosen(call, bound)) {
      if (item.props['AutoResolve'] === true) call.error(systemError('The parameter is incorrect. ', 87, targetOf(kind)))
      else
        put(call, kind, {
          ...item,
          props: { ...item.props, Addresses: bound.flag('Append') ? [...addressesOf(item), ...given] : given },
        })
    }
  }),
]
