// Files into a machine, versions, security, and what a Windows client refuses.
import type { VmView } from '../../../../engine/machine/views.ts'
import { cmdlet } from '../../cmdlet.ts'
import { object } from '../../values/value.ts'
import { hyperV, refuse, tail, typed, vmsOf } from '../hyper-v.ts'
import { changeVm, nowOf, passVm } from './common.ts'

export const copyVmFile = cmdlet(
  {
    name: 'Copy-VMFile',
    module: 'Hyper-V',
    synopsis: 'Copies a file to a virtual machine.',
    supports: ['Name', 'VM', 'SourcePath', 'DestinationPath', 'FileSource', 'CreateFullPath', 'Force', 'Confirm'],
    defaultSet: 'Name',
  },
  (call, bound) => {
    const source = bound.text('SourcePath') ?? ''
    for (const vm of vmsOf(call, bound, 'Name')) {
      const done = hyperV(call).copyToVm(vm.id, source, bound.text('DestinationPath') ?? '', bound.flag('Force'))
      if (done.ok) continue
      const first = `Failed to initiate copying files to the guest.`
      const why: Record<string, string> = {
        'not-found': `The source file '${source}' does not exist.`,
        'no-service': `The Guest Service Interface integration service is not available on the virtual machine '${vm.name}'.`,
        exists: `The destination file '${done.detail}' exists in the guest: The file exists. (0x80070050).`,
      }
      call.error(
        refuse(
          `${first}\n${why[done.error] ?? 'Access is denied. (0x80070005).'}`,
          `${vm.name}:String`,
          done.error === 'not-found' ? 'ObjectNotFound' : 'InvalidOperation',
          done.error === 'not-found' ? 'ObjectNotFound' : 'InvalidOperation',
        ),
      )
    }
  },
)

/** Configuration versions that a build knows, newest last. */
const versionsOf = (build: number): readonly (readonly [version: string, name: string])[] => {
  const all = [
    ['8.0', 'Microsoft Windows 10 Anniversary Update/Server 2016', 14393],
    ['8.1', 'Microsoft Windows 10 Creators Update', 15063],
    ['8.2', 'Microsoft Windows 10 Fall Creators Update/Server 1709', 16299],
    ['8.3', 'Microsoft Windows 10 April 2018 Update/Server 1803', 17134],
    ['9.0', 'Microsoft Windows 10 October 2018 Update/Server 2019', 17763],
    ['9.1', 'Microsoft Windows 10 May 2019 Update/Server 1903', 18362],
    ['9.2', 'Microsoft Windows 10 May 2020 Update/Server 2004', 19041],
    ['10.0', 'Microsoft Windows 11 (21H2)/Server 2022', 22000],
    ['11.0', 'Microsoft Windows 11 (22H2)', 22621],
    ['12.0', 'Microsoft Windows 11 (24H2)/Server 2025', 26100],
  ] as const
  return all.filter(([, , from]) => build >= from).map(([version, name]) => [version, name] as const)
}

export const getVmHostSupportedVersion = cmdlet(
  {
    name: 'Get-VMHostSupportedVersion',
    module: 'Hyper-V',
    synopsis: 'Returns a list of virtual machine configuration versions that are supported on a host.',
    supports: ['Default'],
    defaultSet: 'ComputerName',
  },
  function* (call, bound) {
    hyperV(call)
    const all = versionsOf(call.kernel.identity().build)
    const newest = all[all.length - 1]
    for (const one of bound.flag('Default') ? all.slice(-1) : all)
      yield* call.emit(
        object(typed('VMHostSupportedVersion'), { Name: one[1], Version: one[0], IsDefault: one === newest, ...tail(call) }),
      )
  },
)

export const updateVmVersion = cmdlet(
  {
    name: 'Update-VMVersion',
    module: 'Hyper-V',
    synopsis: 'Updates the version of virtual machines.',
    supports: ['Name', 'VM', 'Force', 'Passthru', 'Confirm'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    const newest = versionsOf(call.kernel.identity().build).at(-1)?.[0] ?? '12.0'
    for (const vm of vmsOf(call, bound, 'Name')) {
      if (vm.version === newest) call.warn(`The virtual machine '${vm.name}' is already at the latest version.`)
      else if (!changeVm(call, vm, { version: newest }, `Failed to update the version of the virtual machine '${vm.name}'.`))
        continue
      yield* passVm(call, bound, vm)
    }
  },
)

function tpm(name: string, synopsis: string, on: boolean) {
  return cmdlet(
    { name, module: 'Hyper-V', synopsis, supports: ['VMName', 'VM', 'Passthru', 'Confirm'], defaultSet: 'VMName' },
    function* (call, bound) {
      for (const vm of vmsOf(call, bound, 'VMName')) {
        if (vm.generation === 1 || vm.state !== 'Off') {
          call.error(tpmRefused(vm))
          continue
        }
        hyperV(call).setVm(vm.id, { tpm: on })
        yield* passVm(call, bound, nowOf(call, vm) ?? vm)
      }
    },
  )
}

const tpmRefused = (vm: VmView) =>
  refuse(
    "Failed to modify device 'Security Settings'.\nThe operation cannot be performed while the object is in its current state.",
    `${vm.name}:String`,
    'InvalidOperation',
    'InvalidState',
  )

export const enableVmTpm = tpm('Enable-VMTPM', 'Enables TPM functionality on a virtual machine.', true)
export const disableVmTpm = tpm('Disable-VMTPM', 'Disables TPM functionality on a virtual machine.', false)
