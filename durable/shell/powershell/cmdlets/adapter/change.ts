// Enable-, Disable-, Rename-, Restart- and Set-NetAdapter (fact sheet 2.4).
import type { Outcome } from '../../../../engine/machine/kernel.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chosenOf, refusal } from '../cim.ts'
import { adapters, netAdapter } from '../get-net-adapter.ts'
import { netOf } from '../windows-net.ts'

const byName = { Name: 'Name', InterfaceDescription: 'InterfaceDescription' } as const

/** The adapters that a line means. */
export const chosenAdapters = (call: Call, bound: Bound): PsObject[] =>
  chosenOf(call, bound, 'MSFT_NetAdapter', adapters(call.kernel).map(netAdapter), byName, 'key', ['InterfaceIndex'])

function* act(call: Call, bound: Bound, what: (index: number) => Outcome) {
  for (const one of chosenAdapters(call, bound)) {
    const index = Number(property(one, 'InterfaceIndex'))
    const done = what(index)
    if (!done.ok) call.error(refusal(done, 'MSFT_NetAdapter:String'))
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
export function restartAdapter(call: Call, index: number): Outcome {
  const off = call.kernel.setInterfaceEnabled(index, false)
  return off.ok ? call.kernel.setInterfaceEnabled(index, true) : off
}

export const adapterChangeCmdlets: readonly Cmdlet[] = [
  ...([true, false] as const).map((on) =>
    cmdlet(
      {
        ...change,
        name: on ? 'Enable-NetAdapter' : 'Disable-NetAdapter',
        synopsis: `${on ? 'Enables' : 'Disables'} a network adapter.`,
        supports: common,
      },
      (call, bound) => act(call, bound, (index) => call.kernel.setInterfaceEnabled(index, on)),
    ),
  ),
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
    (call, bound) => act(call, bound, (index) => restartAdapter(call, index)),
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
        return done.ok && !stays ? restartAdapter(call, index) : done
      }),
  ),
]
