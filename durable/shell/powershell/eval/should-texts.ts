// The sentences of -WhatIf and of the confirmation prompt, for cmdlets that do not bring their own (fact sheet 2.0).
import type { Ask, Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { isObject, type PsValue, property } from '../values/value.ts'

const NOUNS: Readonly<Record<string, string>> = {
  VM: 'virtual machine',
  VMSwitch: 'virtual switch',
  VMNetworkAdapter: 'virtual network adapter',
  VMSnapshot: 'checkpoint',
  VMCheckpoint: 'checkpoint',
  VMHardDiskDrive: 'hard disk drive',
  VMDvdDrive: 'DVD drive',
  VMIntegrationService: 'integration service',
  VMSwitchExtension: 'virtual switch extension',
  VHD: 'virtual hard disk',
}
const VERBS: Readonly<Record<string, string>> = {
  New: 'create a new',
  Set: 'configure the',
  Start: 'start the',
  Stop: 'shut down the',
  Save: 'save the',
  Suspend: 'pause the',
  Resume: 'resume the',
  Restart: 'restart the',
  Checkpoint: 'take a checkpoint of the',
  Restore: 'restore the',
  Rename: 'rename the',
  Remove: 'remove the',
  Add: 'add a',
  Connect: 'connect the',
  Disconnect: 'disconnect the',
  Enable: 'enable the',
  Disable: 'disable the',
}

/** `VMNetworkAdapterExtendedAcl` in words: a beginning that has a name of its own, and the rest. */
function nounWords(noun: string): string {
  const known = Object.keys(NOUNS)
    .filter((one) => noun.startsWith(one))
    .sort((a, b) => b.length - a.length)[0]
  const rest = (known === undefined ? noun : noun.slice(known.length)).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `${known === undefined ? '' : NOUNS[known]} ${rest}`.trim()
}

/** How a thing is called in such a sentence. */
export function targetOf(spec: Cmdlet, target: PsValue): string {
  if (!isObject(target)) return text(target)
  const of = (name: string): string => text(property(target, name) ?? null)
  switch (spec.name.split('-')[1]) {
    case 'NetIPAddress':
      return `NetIPAddress -${of('AddressFamily') === 'IPv6' ? 'IPv6Address' : 'IPv4Address'} ${of('IPAddress')} -InterfaceIndex ${of('InterfaceIndex')} -Store ${of('Store') || 'Active'}`
    case 'NetRoute':
      return `NetRoute -DestinationPrefix ${of('DestinationPrefix')} -InterfaceIndex ${of('InterfaceIndex')} -NextHop ${of('NextHop')} -Store ${of('Store') || 'Active'}`
    case 'NetNeighbor':
      return `NetNeighbor -IPAddress ${of('IPAddress')} -InterfaceIndex ${of('InterfaceIndex')} -Store ${of('Store') || 'Active'}`
    case 'NetNat':
      return `${of('Name')} PolicyStore Local`
    case 'NetNatStaticMapping':
      return `${of('StaticMappingID')} PolicyStore Local`
    default:
      return of('Name') || of('VMName') || of('InterfaceAlias') || of('DisplayName') || text(target)
  }
}

const OPERATIONS: Readonly<Record<string, string>> = { Remove: 'Remove', Set: 'Modify', New: 'Create', Add: 'Create' }

export function sentences(spec: Cmdlet, name: string, target: PsValue): Ask {
  const [verb = '', noun = ''] = spec.name.split('-')
  if (spec.module === 'Hyper-V') {
    const action = VERBS[verb] ?? `${verb.toLowerCase()} the`
    const thing = nounWords(noun)
    return {
      says: `${spec.name} will ${action} ${thing} "${name}".`,
      question: `Are you sure you want to ${action.replace(/ (the|a new|a)$/, '')} ${thing} "${name}"?`,
    }
  }
  if (/^NetNat/.test(noun) && verb === 'Remove') return { says: `Performing operation Delete on Target ${name}` }
  if (spec.module === 'NetAdapter') return { says: `${spec.name} '${name}'` }
  if (/^Net(IPAddress|Route|Neighbor)$/.test(noun) && isObject(target))
    return { says: `Performing operation "${OPERATIONS[verb] ?? verb}" on Target "${name}"` }
  return { says: `Performing the operation "${spec.name}" on target "${name}".` }
}
