// Virtual switches that people make, change and name (fact sheet 2.1, 4.10).
import type { Outcome, SwitchWish } from '../../../engine/machine/kernel.ts'
import type { SwitchView } from '../../../engine/machine/views.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet, type Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { property } from '../values/value.ts'
import { byNames, hyperV, refuse, switchObject } from './hyper-v.ts'

const CONNECTIONS = 'Failed while adding virtual Ethernet switch connections.'
const ICS = 'The automatic Internet Connection Sharing switch cannot be modified.'

/** Why a switch could not be made or changed. `first`: what the first line of the message says. */
function refusal(first: string, name: string, done: Outcome & { ok: false }): Fault {
  const target = `${name}:String`
  switch (done.error) {
    case 'ics-switch':
      return refuse(`${first}\n${ICS}`, target, 'InvalidOperation', 'InvalidOperation')
    case 'in-use':
      return refuse(
        `${CONNECTIONS}\nExternal Ethernet adapter '${done.detail}' is already bound to the Microsoft Virtual Switch protocol.`,
        target,
        'ResourceBusy',
        'ObjectInUse',
      )
    case 'wrong-state':
      return refuse(
        `${CONNECTIONS}\nEthernet port '${done.detail}' bind failed: Element not found. (0x80070490).`,
        target,
        'ObjectNotFound',
        'ObjectNotFound',
      )
    case 'exhausted':
      return refuse(
        `${first}\nNo more virtual switches or MAC addresses are available in this lab.`,
        target,
        'ResourceUnavailable',
        'OutOfMemory',
      )
    default:
      return refuse(`${first}\n${done.detail ?? 'The operation failed.'}`, target, 'NotSpecified', 'Unspecified')
  }
}

/** The adapter that `-NetAdapterName` or `-NetAdapterInterfaceDescription` names, as what a switch is to be; undefined: told already. */
function uplinkOf(call: Call, bound: Bound): { nic?: number; others?: number[] } | undefined {
  const names = bound.texts('NetAdapterName')
  const wanted = [...names, ...bound.texts('NetAdapterInterfaceDescription')]
  const found: number[] = []
  for (const one of wanted) {
    const matches = wildcard(one)
    const nic = call.kernel
      .adapters()
      .find(
        (each) => (each.kind === 'ethernet' || each.kind === 'wifi') && matches(names.length > 0 ? each.name : each.description),
      )
    if (nic === undefined) {
      call.error(
        refuse('No network adapter was found with the given criteria.', `${one}:String`, 'ObjectNotFound', 'ObjectNotFound'),
      )
      return undefined
    }
    found.push(nic.index)
  }
  const [nic, ...others] = found
  if (nic === undefined) return {}
  return others.length > 0 || bound.flag('EnableEmbeddedTeaming') ? { nic, others } : { nic }
}

const shared = (bound: Bound): { shared?: boolean } =>
  bound.has('AllowManagementOS') ? { shared: bound.flag('AllowManagementOS') } : {}

/** By object, or by name; a name that nobody has is an error. */
function switchesOf(call: Call, bound: Bound): SwitchView[] {
  const all = hyperV(call).switches()
  if (!bound.has('VMSwitch')) return byNames(call, all, bound.texts('Name'), (one) => one.name, 'virtual switch')
  const ids = bound.list('VMSwitch').map((one) => text(property(one, 'Id') ?? '').toLowerCase())
  return all.filter((one) => ids.includes(one.id.toLowerCase()))
}

function* passOn(call: Call, bound: Bound, id: string) {
  const now = hyperV(call)
    .switches()
    .find((one) => one.id === id)
  if (now !== undefined && bound.flag('Passthru')) yield* call.emit(switchObject(call, now))
}

export const newVmSwitch = cmdlet(
  {
    name: 'New-VMSwitch',
    module: 'Hyper-V',
    synopsis: 'Creates a virtual switch.',
    supports: [
      'Name',
      'SwitchType',
      'Notes',
      'NetAdapterName',
      'NetAdapterInterfaceDescription',
      'AllowManagementOS',
      'EnableIov',
      'EnableEmbeddedTeaming',
      'MinimumBandwidthMode',
      'Confirm',
    ],
    defaultSet: null,
  },
  function* (call, bound) {
    const name = bound.text('Name') ?? ''
    const type = bound.text('SwitchType') === 'Private' ? 'Private' : 'Internal'
    // A Windows client has neither (fact sheet 1.1.17, 1.7).
    const client = call.kernel.identity().server !== true
    const server =
      client && bound.flag('EnableEmbeddedTeaming')
        ? 'Switch Embedded Teaming is supported on Windows Server only.'
        : bound.flag('EnableIov')
          ? 'Single-root I/O virtualization (SR-IOV) is not supported on this edition of Windows.'
          : (client && bound.texts('NetAdapterName').length > 1) ||
              (client && bound.texts('NetAdapterInterfaceDescription').length > 1)
            ? 'More than one network adapter needs Switch Embedded Teaming, which is supported on Windows Server only.'
            : undefined
    if (server !== undefined)
      return call.error(
        refuse(`Failed while creating virtual Ethernet switch.\n${server}`, `${name}:String`, 'NotImplemented', 'NotSupported'),
      )
    const uplink = uplinkOf(call, bound)
    if (uplink === undefined) return
    const mode = bound.text('MinimumBandwidthMode') ?? 'Default'
    if (mode !== 'Default' && mode !== 'Weight')
      throw new NotSimulated(`New-VMSwitch: the bandwidth mode ${mode} is real, but only Weight is simulated here.`)
    const wish = bound.has('SwitchType') ? { type, ...shared(bound) } : { ...uplink, ...shared(bound) }
    const done = hyperV(call).makeSwitch({ name, notes: bound.text('Notes') ?? '', ...wish } as SwitchWish & {
      name: string
      notes: string
    })
    if (!done.ok) return call.error(refusal('Failed while creating virtual Ethernet switch.', name, done))
    const made = hyperV(call)
      .switches()
      .find(({ id }) => id === done.value)
    if (made !== undefined) yield* call.emit(switchObject(call, made))
  },
)

export const setVmSwitch = cmdlet(
  {
    name: 'Set-VMSwitch',
    module: 'Hyper-V',
    synopsis: 'Changes a virtual switch.',
    supports: [
      'Name',
      'VMSwitch',
      'SwitchType',
      'Notes',
      'NetAdapterName',
      'NetAdapterInterfaceDescription',
      'AllowManagementOS',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'SwitchName_SwitchType',
  },
  function* (call, bound) {
    const type = bound.text('SwitchType')
    const uplink = uplinkOf(call, bound)
    if (uplink === undefined) return
    if (uplink.others !== undefined)
      return call.error(
        refuse(
          'Failed while modifying virtual Ethernet switch.\nA team is made with New-VMSwitch and changed with Set-VMSwitchTeam.',
          `${bound.text('Name') ?? ''}:String`,
        ),
      )
    const notes = bound.text('Notes')
    const change = {
      ...(type === 'Private' || type === 'Internal' ? ({ type } as const) : {}),
      ...(notes === undefined ? {} : { notes }),
      ...uplink,
      ...shared(bound),
    }
    for (const { id, name } of switchesOf(call, bound)) {
      const now = hyperV(call)
        .switches()
        .find((one) => one.id === id)
      if (type === 'External' && uplink.nic === undefined && now?.type !== 'External') {
        const why = 'A physical network adapter must be given for an external virtual switch; use -NetAdapterName.'
        call.error(refuse(`Failed while modifying virtual Ethernet switch.\n${why}`, `${name}:String`))
        continue
      }
      const done = hyperV(call).setSwitch(id, change)
      if (done.ok) yield* passOn(call, bound, id)
      else call.error(refusal('Failed while modifying virtual Ethernet switch.', name, done))
    }
  },
)

export const renameVmSwitch = cmdlet(
  {
    name: 'Rename-VMSwitch',
    module: 'Hyper-V',
    synopsis: 'Renames a virtual switch.',
    supports: ['Name', 'VMSwitch', 'NewName', 'Passthru', 'Confirm'],
    defaultSet: 'SwitchName',
  },
  function* (call, bound) {
    for (const { id, name } of switchesOf(call, bound)) {
      const done = hyperV(call).setSwitch(id, { name: bound.text('NewName') ?? name })
      if (done.ok) yield* passOn(call, bound, id)
      else call.error(refusal('Failed while renaming virtual Ethernet switch.', name, done))
    }
  },
)
