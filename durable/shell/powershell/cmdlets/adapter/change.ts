// Rename-, Restart- and Set-NetAdapter (fact sheet 2.4).
import type { Outcome } from '../../../../engine/machine/kernel.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, systemError } from '../cim.ts'
import { adapters, netAdapter } from '../get-net-adapter.ts'
import { netOf } from '../windows-net.ts'

const byName = { Name: 'Name', InterfaceDescription: 'InterfaceDescription' } as const

function chosen(call: Call, bound: Bound): PsObject[] {
  const objects = adapters(call.kernel).map(netAdapter)
  if (!bound.has('InputObject')) return chooseFrom(call, bound, 'MSFT_NetAdapter', objects, byName, 'key')
  const wanted = bound.list('InputObject').map((one) => text(property(one, 'InterfaceIndex') ?? null))
  return objects.filter((one) => wanted.includes(text(property(one, 'InterfaceIndex') ?? null)))
}

const refused = (done: Outcome & { ok: false }) =>
  done.error === 'access-denied'
    ? systemError('Access is denied. ', 5, 'MSFT_NetAdapter:String')
    : done.error === 'exists'
      ? systemError('Cannot create a file when that file already exists. ', 183, 'MSFT_NetAdapter:String')
      : systemError('The parameter is incorrect. ', 87, 'MSFT_NetAdapter:String')

function* act(call: Call, bound: Bound, what: (index: number) => Outcome) {
  for (const one of chosen(call, bound)) {
    const index = Number(property(one, 'InterfaceIndex'))
    const done = what(index)
    if (!done.ok) call.error(refused(done))
    else if (bound.flag('PassThru')) {
      const now = adapters(call.kernel).find((other) => other.index === index)
      if (now !== undefined) yield* call.emit(netAdapter(now))
    }
  }
}

const change = {
  module: 'NetAdapter',
  defaultSet: 'ByName',
  classes: { InputObject: 'MSFT_NetAdapter' },
} as const
const common = ['Name', 'InterfaceDescription', 'InputObject', 'Confirm', 'PassThru', 'IncludeHidden']

/** Off and on again: the link is lost and comes back. */
function restart(call: Call, index: number): Outcome {
  const off = call.kernel.setInterfaceEnabled(index, false)
  return off.ok ? call.kernel.setInterfaceEnabled(index, true) : off
}

export const adapterChangeCmdlets: readonly Cmdlet[] = [
  cmdlet(
    { ...change, name: 'Rename-NetAdapter', synopsis: 'Renames a network adapter.', supports: [...common, 'NewName'] },
    (call, bound) => act(call, bound, (index) => netOf(call).renameAdapter(index, bound.text('NewName') ?? '')),
  ),
  cmdlet(
    {
      ...change,
      name: 'Restart-NetAdapter',
      synopsis: 'Restarts a network adapter by disabling and then re-enabling the network adapter.',
      supports: common,
    },
    (call, bound) => act(call, bound, (index) => restart(call, index)),
  ),
  cmdlet(
    {
      ...change,
      name: 'Set-NetAdapter',
      synopsis: 'Sets the basic network adapter properties.',
      supports: [...common, 'MacAddress', 'NoRestart'],
    },
    (call, bound) =>
      act(call, bound, (index) => {
        const given = bound.text('MacAddress')
        const stays = bound.flag('NoRestart')
        if (given === undefined) return { ok: true }
        const mac = given.replace(/[-:.]/g, '')
        const pairs = (mac.match(/../g) ?? []).join(':')
        const done = netOf(call).setAdapterMac(index, pairs)
        return done.ok && !stays ? restart(call, index) : done
      }),
  ),
]
