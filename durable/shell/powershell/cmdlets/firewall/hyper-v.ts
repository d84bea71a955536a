// The Hyper-V firewall (fact sheet 2.7): it is about containers such as WSL, not about virtual machines. What is said to it is kept and
// shown; its frames are those of WSL, which are not told apart here.
import type { Call, Cmdlet } from '../../cmdlet.ts'
import type { PsObject, PsValue } from '../../values/value.ts'
import { chooseFrom, cim } from '../cim.ts'
import type { Field, Kind } from '../kept/kind.ts'
import { acting, enableKept, getKept, newKept, removeKept, renameKept, setKept } from '../kept/verbs.ts'

const LIMIT = 'Kept and listed; here no frame is dropped by it.'
const WARNING = 'Hyper-V firewall: it is kept and listed, but here no frame is dropped by it.'
/** The one creator of containers that a client computer has: the Windows Subsystem for Linux. */
const WSL = '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}'

const word = (name: string, usual: string): Field => ({ name, usual, shape: 'word' })
const list = (name: string): Field => ({ name, usual: ['Any'], shape: 'list' })

const rule: Kind = {
  noun: 'NetFirewallHyperVRule',
  className: 'MSFT_NetFirewallHyperVRule',
  module: 'NetSecurity',
  thing: 'Hyper-V firewall rule',
  limit: LIMIT,
  warning: WARNING,
  id: 'Name',
  policy: true,
  fields: [
    word('Direction', 'Inbound'),
    word('VMCreatorId', 'Any'),
    word('Protocol', 'Any'),
    list('LocalAddresses'),
    list('LocalPorts'),
    list('RemoteAddresses'),
    list('RemotePorts'),
    word('Action', 'Allow'),
    word('Enabled', 'True'),
    { name: 'Profiles', usual: 'Any', shape: 'profile' },
    { name: 'RulePriority', usual: 0, shape: 'number' },
  ],
}

const setting = (noun: string, thing: string, fields: readonly Field[]): Kind => ({
  noun,
  className: `MSFT_${noun}`,
  module: 'NetSecurity',
  thing,
  limit: LIMIT,
  warning: WARNING,
  id: 'Name',
  policy: false,
  fields,
})

const actions = [word('DefaultInboundAction', 'NotConfigured'), word('DefaultOutboundAction', 'NotConfigured')]
const vmSetting: Kind = {
  ...setting('NetFirewallHyperVVMSetting', 'Hyper-V firewall setting', [
    word('Enabled', 'NotConfigured'),
    ...actions,
    word('LoopbackEnabled', 'NotConfigured'),
    word('AllowHostPolicyMerge', 'NotConfigured'),
  ]),
  preset: ({ kernel }) => (kernel.hyperV === undefined ? [] : [{ name: WSL, store: 'PersistentStore', props: {} }]),
  active: {
    Enabled: 'True',
    DefaultInboundAction: 'Block',
    DefaultOutboundAction: 'Allow',
    LoopbackEnabled: 'True',
    AllowHostPolicyMerge: 'True',
  },
}
const profiles: Kind = {
  ...setting('NetFirewallHyperVProfile', 'Hyper-V firewall profile', [
    word('Enabled', 'NotConfigured'),
    ...actions,
    word('AllowLocalFirewallRules', 'NotConfigured'),
  ]),
}

/** What there is of a kind without anybody having made it. */
const fixed = (noun: string, synopsis: string, all: (call: Call) => readonly Record<string, PsValue>[]): Cmdlet =>
  acting(`Get-${noun}`, { module: 'NetSecurity' }, synopsis, function* (call, bound) {
    const objects: PsObject[] = all(call).map((props) => cim(`MSFT_${noun}`, props))
    for (const one of chooseFrom(call, bound, `MSFT_${noun}`, objects, {}, 'silent')) yield* call.emit(one)
  })

export const hyperVFirewallCmdlets: readonly Cmdlet[] = [
  newKept(rule),
  getKept(rule),
  setKept(rule),
  removeKept(rule),
  renameKept(rule),
  enableKept(rule, true),
  enableKept(rule, false),
  newKept(vmSetting),
  getKept(vmSetting),
  setKept(vmSetting),
  newKept(profiles),
  getKept(profiles, 'Get', ['Profile', 'PolicyStore']),
  setKept(profiles),
  fixed('NetFirewallHyperVPort', 'Gets the ports of containers; none runs here.', () => []),
  fixed('NetFirewallHyperVVMCreator', 'Gets who makes containers on this computer.', ({ kernel }) =>
    kernel.hyperV === undefined ? [] : [{ VMCreatorId: WSL, FriendlyName: 'WSL' }],
  ),
]
