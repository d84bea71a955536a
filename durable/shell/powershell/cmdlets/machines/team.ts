// Switch Embedded Teaming (fact sheet 2.1): the adapters of a switch's team, how flows are spread, and which adapter somebody goes by.
import type { SwitchView, VmAdapterView } from '../../../../engine/machine/views.ts'
import { wildcard } from '../../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { object, type PsObject, property } from '../../values/value.ts'
import { byNames, hyperV, refuse, tail, typed } from '../hyper-v.ts'
import { chosenAdapters } from '../vm-network-adapters.ts'

const FAILED = 'Failed while modifying virtual Ethernet switch.'

/** By object or by name; all of them when nothing is said. */
function switchesOf(call: Call, bound: Bound, parameter: string): SwitchView[] {
  const all = hyperV(call).switches()
  if (bound.has('VMSwitch')) {
    const ids = bound.list('VMSwitch').map((one) => text(property(one, 'Id') ?? '').toLowerCase())
    return all.filter((one) => ids.includes(one.id.toLowerCase()))
  }
  return bound.has(parameter) ? byNames(call, all, bound.texts(parameter), (one) => one.name, 'virtual switch') : all
}

function teamObject(call: Call, { id, name, team }: SwitchView): PsObject {
  return object(
    typed('VMSwitchTeam'),
    {
      Name: name,
      Id: id,
      NetAdapterInterfaceDescription: team?.members.map(({ description }) => description) ?? [],
      NetAdapterInterfaceGuid: team?.members.map(({ guid }) => guid) ?? [],
      TeamingMode: 'SwitchIndependent',
      LoadBalancingAlgorithm: team?.algorithm ?? 'HyperVPort',
      ...tail(call),
    },
    `VMSwitchTeam (Name = '${name}')`,
  )
}

const without = (call: Call, { name }: SwitchView): void =>
  call.error(
    refuse(
      `${FAILED}\nThe virtual switch '${name}' has no embedded team.`,
      `${name}:String`,
      'InvalidOperation',
      'InvalidOperation',
    ),
  )

export const getVmSwitchTeam = cmdlet(
  {
    name: 'Get-VMSwitchTeam',
    module: 'Hyper-V',
    synopsis: 'Gets virtual switch teams.',
    supports: ['Name', 'VMSwitch'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    for (const one of switchesOf(call, bound, 'Name')) if (one.team) yield* call.emit(teamObject(call, one))
  },
)

/** Physical adapters by name or description; undefined after an error. */
function adaptersOf(call: Call, bound: Bound): number[] | undefined {
  const found: number[] = []
  const pairs = [
    ...bound.texts('NetAdapterName').map((wanted) => ['name', wanted] as const),
    ...bound.texts('NetAdapterInterfaceDescription').map((wanted) => ['description', wanted] as const),
  ]
  for (const [key, wanted] of pairs) {
    const matches = wildcard(wanted)
    const one = call.kernel.adapters().find((each) => each.kind === 'ethernet' && matches(each[key]))
    if (one === undefined) {
      const fault = 'No network adapter was found with the given criteria.'
      call.error(refuse(fault, `${wanted}:String`, 'ObjectNotFound', 'ObjectNotFound'))
      return undefined
    }
    found.push(one.index)
  }
  return found
}

function* change(
  call: Call,
  bound: Bound,
  one: SwitchView,
  what: { nics?: readonly number[]; algorithm?: 'HyperVPort' | 'Dynamic' },
) {
  const done = hyperV(call).setTeam(one.id, what)
  if (!done.ok) {
    if (done.error === 'invalid') return without(call, one)
    const why =
      done.error === 'in-use'
        ? 'A network adapter is already bound to the Microsoft Virtual Switch protocol.'
        : (done.detail ?? 'The operation failed.')
    return call.error(refuse(`${FAILED}\n${why}`, `${one.name}:String`, 'ResourceBusy', 'ObjectInUse'))
  }
  const now = hyperV(call)
    .switches()
    .find(({ id }) => id === one.id)
  if (now && bound.flag('Passthru')) yield* call.emit(teamObject(call, now))
}

export const setVmSwitchTeam = cmdlet(
  {
    name: 'Set-VMSwitchTeam',
    module: 'Hyper-V',
    synopsis: 'Configures a virtual switch team.',
    supports: [
      'Name',
      'VMSwitch',
      'NetAdapterName',
      'NetAdapterInterfaceDescription',
      'TeamingMode',
      'LoadBalancingAlgorithm',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'SwitchName_NetAdapterName',
  },
  function* (call, bound) {
    const nics = adaptersOf(call, bound)
    if (nics === undefined) return
    const algorithm = bound.text('LoadBalancingAlgorithm')
    // There is only the one mode.
    void bound.text('TeamingMode')
    for (const one of switchesOf(call, bound, 'Name')) {
      const first = one.team?.members[0]?.index
      if (nics.length > 0 && first !== undefined && !nics.includes(first)) {
        const why = 'The first adapter of the team has the configuration of the computer and stays in this lab.'
        call.error(refuse(`${FAILED}\n${why}`, `${one.name}:String`, 'InvalidOperation', 'InvalidOperation'))
        continue
      }
      yield* change(call, bound, one, {
        ...(nics.length === 0 ? {} : { nics }),
        ...(algorithm === 'HyperVPort' || algorithm === 'Dynamic' ? { algorithm } : {}),
      })
    }
  },
)

function member(name: string, synopsis: string, next: (now: readonly number[], given: readonly number[]) => number[]) {
  return cmdlet(
    {
      name,
      module: 'Hyper-V',
      synopsis,
      supports: ['VMSwitchName', 'VMSwitch', 'NetAdapterName', 'NetAdapterInterfaceDescription', 'Passthru', 'Confirm'],
      defaultSet: 'SwitchName_NetAdapterName',
    },
    function* (call, bound) {
      const given = adaptersOf(call, bound)
      if (given === undefined) return
      for (const one of switchesOf(call, bound, 'VMSwitchName')) {
        const now = one.team?.members.map(({ index }) => index)
        if (now === undefined) without(call, one)
        else yield* change(call, bound, one, { nics: next(now, given) })
      }
    },
  )
}

export const addVmSwitchTeamMember = member('Add-VMSwitchTeamMember', 'Adds members to a virtual switch team.', (now, given) => [
  ...new Set([...now, ...given]),
])
export const removeVmSwitchTeamMember = member(
  'Remove-VMSwitchTeamMember',
  'Removes members from a virtual switch team.',
  (now, given) => now.filter((one) => !given.includes(one)),
)

// Which adapter somebody goes by

const NO_TEAM = 'Failed while applying switch port settings.\nThe virtual switch of the adapter has no team with this member.'

function mappingObject(call: Call, one: VmAdapterView, nic: string): PsObject {
  return object(typed('VMNetworkAdapterTeamMappingSetting'), {
    NetAdapterName: nic,
    NetAdapterDeviceId: call.kernel.adapters().find(({ name }) => name === nic)?.guid ?? '',
    DisableOnFailover: 'NoAction',
    ParentAdapter: one.managementOs
      ? `VMInternalNetworkAdapter, Name = '${one.name}'`
      : `VMNetworkAdapter (Name = '${one.name}', VMName = '${one.vm}') [VMId = '${one.vmId}']`,
    ...tail(call),
  })
}

const mappedTo = (call: Call, { id }: VmAdapterView): string | undefined => {
  for (const { team } of hyperV(call).switches()) {
    const found = team?.mappings.find(({ adapter }) => adapter === id)
    if (found) return team?.members.find(({ index }) => index === found.nic)?.name
  }
  return undefined
}

function chosen(call: Call, bound: Bound, nameParameter: string): VmAdapterView[] {
  const on = bound.text('SwitchName')?.toLowerCase()
  return chosenAdapters(call, bound, nameParameter).filter((one) => on === undefined || one.switch.toLowerCase() === on)
}

export const getVmNetworkAdapterTeamMapping = cmdlet(
  {
    name: 'Get-VMNetworkAdapterTeamMapping',
    module: 'Hyper-V',
    synopsis: 'Gets which physical adapters of a team virtual adapters go by.',
    supports: ['VMName', 'VM', 'VMNetworkAdapter', 'ManagementOS', 'Name', 'SwitchName'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound, 'Name')) {
      const nic = mappedTo(call, one)
      if (nic !== undefined) yield* call.emit(mappingObject(call, one, nic))
    }
  },
)

export const setVmNetworkAdapterTeamMapping = cmdlet(
  {
    name: 'Set-VMNetworkAdapterTeamMapping',
    module: 'Hyper-V',
    synopsis: 'Sets which physical adapter of a team a virtual adapter goes by.',
    supports: [
      'VMName',
      'VM',
      'VMNetworkAdapter',
      'ManagementOS',
      'VMNetworkAdapterName',
      'SwitchName',
      'PhysicalNetAdapterName',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const wanted = bound.text('PhysicalNetAdapterName') ?? ''
    const nic = call.kernel.adapters().find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
    for (const one of chosen(call, bound, 'VMNetworkAdapterName')) {
      const done = nic && hyperV(call).mapAdapter(one.id, nic.index)
      if (!done?.ok) call.error(refuse(NO_TEAM, `${wanted}:String`, 'ObjectNotFound', 'ObjectNotFound'))
      else if (bound.flag('Passthru')) yield* call.emit(mappingObject(call, one, nic?.name ?? ''))
    }
  },
)

export const removeVmNetworkAdapterTeamMapping = cmdlet(
  {
    name: 'Remove-VMNetworkAdapterTeamMapping',
    module: 'Hyper-V',
    synopsis: 'Removes the choice of a physical adapter of a team.',
    supports: ['VMName', 'VM', 'VMNetworkAdapter', 'ManagementOS', 'Name', 'SwitchName', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound, 'Name')) {
      const was = mappedTo(call, one)
      const done = hyperV(call).mapAdapter(one.id, null)
      if (!done.ok) call.error(refuse(NO_TEAM, `${one.name}:String`, 'ObjectNotFound', 'ObjectNotFound'))
      else if (was !== undefined && bound.flag('Passthru')) yield* call.emit(mappingObject(call, one, was))
    }
  },
)

export const teamCmdlets = [
  addVmSwitchTeamMember,
  getVmNetworkAdapterTeamMapping,
  getVmSwitchTeam,
  removeVmNetworkAdapterTeamMapping,
  removeVmSwitchTeamMember,
  setVmNetworkAdapterTeamMapping,
  setVmSwitchTeam,
]
