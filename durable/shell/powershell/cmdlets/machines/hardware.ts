// Processor, memory and firmware of machines (fact sheet 2.3).
import type { VmChange } from '../../../../engine/machine/kernel.ts'
import type { VmView } from '../../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { object, type PsObject, property } from '../../values/value.ts'
import { hyperV, refuse, tail, typed } from '../hyper-v.ts'
import { changeVm, nowOf, ownersOf } from './common.ts'

const MODIFY = (device: string) => `Failed to modify device '${device}'.`

function processorObject(call: Call, vm: VmView): PsObject {
  return object(
    typed('VMProcessor'),
    {
      ResourcePoolName: 'Primordial',
      Count: vm.processors,
      CompatibilityForMigrationEnabled: false,
      CompatibilityForOlderOperatingSystemsEnabled: false,
      HwThreadCountPerCore: 0,
      ExposeVirtualizationExtensions: vm.exposeExtensions,
      EnableHostResourceProtection: false,
      Maximum: 100,
      Reserve: 0,
      RelativeWeight: 100,
      MaximumCountPerNumaNode: 8,
      MaximumCountPerNumaSocket: 1,
      OperationalStatus: ['Ok'],
      StatusDescription: ['OK'],
      Name: 'Processor',
      Id: `Microsoft:${vm.id}\\processor`,
      VMId: vm.id,
      VMName: vm.name,
      VMSnapshotId: '00000000-0000-0000-0000-000000000000',
      VMSnapshotName: '',
      ...tail(call),
    },
    `VMProcessor (VMName = '${vm.name}')`,
  )
}

function memoryObject(call: Call, vm: VmView): PsObject {
  return object(
    typed('VMMemory'),
    {
      ResourcePoolName: 'Primordial',
      Buffer: 20,
      DynamicMemoryEnabled: vm.dynamicMemory,
      Maximum: vm.maximumBytes,
      Minimum: vm.minimumBytes,
      Priority: 50,
      Startup: vm.startupBytes,
      Name: 'Memory',
      Id: `Microsoft:${vm.id}\\memory`,
      VMId: vm.id,
      VMName: vm.name,
      VMSnapshotId: '00000000-0000-0000-0000-000000000000',
      VMSnapshotName: '',
      ...tail(call),
    },
    `VMMemory (VMName = '${vm.name}')`,
  )
}

/** Drives and adapters in the order in which they are tried. */
function bootOrder(call: Call, vm: VmView): string[] {
  const adapters = hyperV(call)
    .adapters()
    .filter(({ vmId }) => vmId === vm.id)
    .map(({ id }) => id)
  const all = [...vm.drives.map(({ path }) => path).filter((path) => path !== ''), ...adapters]
  return [...vm.bootOrder.filter((one) => all.includes(one)), ...all.filter((one) => !vm.bootOrder.includes(one))]
}

function firmwareObject(call: Call, vm: VmView): PsObject {
  const order = bootOrder(call, vm).map((one) =>
    vm.drives.some(({ path }) => path === one) ? 'VMBootSource (Drive)' : 'VMBootSource (Network)',
  )
  return object(
    typed('VMFirmware'),
    {
      VMName: vm.name,
      SecureBoot: vm.secureBoot ? 'On' : 'Off',
      SecureBootTemplate: 'MicrosoftWindows',
      PreferredNetworkBootProtocol: 'IPv4',
      BootOrder: order,
      ConsoleMode: 'Default',
      PauseAfterBootFailure: 'Off',
      VMId: vm.id,
      ...tail(call),
    },
    `VMFirmware (VMName = '${vm.name}')`,
  )
}

function getter(name: string, synopsis: string, make: (call: Call, vm: VmView) => PsObject, only2 = false) {
  return cmdlet({ name, module: 'Hyper-V', synopsis, supports: ['VMName', 'VM'], defaultSet: 'VMName' }, function* (call, bound) {
    for (const vm of ownersOf(call, bound, ''))
      if (only2 && vm.generation === 1) call.error(generation1(vm))
      else yield* call.emit(make(call, vm))
  })
}

const generation1 = (vm: VmView) =>
  refuse(
    'The operation cannot be performed because the virtual machine is not a Generation 2 virtual machine.',
    `${vm.name}:String`,
    'InvalidOperation',
    'InvalidOperation',
  )

export const getVmProcessor = getter('Get-VMProcessor', 'Gets the processor of a virtual machine.', processorObject)
export const getVmMemory = getter('Get-VMMemory', 'Gets the memory of a virtual machine.', memoryObject)
export const getVmFirmware = getter(
  'Get-VMFirmware',
  'Gets the firmware configuration of a virtual machine.',
  firmwareObject,
  true,
)

function* modify(
  call: Call,
  bound: Bound,
  [owner, device]: readonly [string, string],
  what: VmChange,
  make: (call: Call, vm: VmView) => PsObject,
) {
  for (const vm of ownersOf(call, bound, owner)) {
    if (!changeVm(call, vm, what, MODIFY(device))) continue
    const now = nowOf(call, vm)
    if (now && bound.flag('Passthru')) yield* call.emit(make(call, now))
  }
}

export const setVmProcessor = cmdlet(
  {
    name: 'Set-VMProcessor',
    module: 'Hyper-V',
    synopsis: 'Configures settings for the virtual processors of a virtual machine.',
    supports: ['VMName', 'VM', 'VMProcessor', 'Count', 'ExposeVirtualizationExtensions', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const count = bound.number('Count')
    if (count !== undefined && (count < 1 || count > 8))
      return call.error(
        refuse(
          `${MODIFY('Processor')}\nThe number of virtual processors must be from 1 to 8.`,
          `${count}:Int64`,
          'InvalidArgument',
        ),
      )
    yield* modify(
      call,
      bound,
      ['VMProcessor', 'Processor'],
      {
        ...(count === undefined ? {} : { processors: count }),
        ...(bound.has('ExposeVirtualizationExtensions')
          ? { exposeExtensions: bound.flag('ExposeVirtualizationExtensions') }
          : {}),
      },
      processorObject,
    )
  },
)

export const setVmMemory = cmdlet(
  {
    name: 'Set-VMMemory',
    module: 'Hyper-V',
    synopsis: 'Configures the memory of a virtual machine.',
    supports: [
      'VMName',
      'VM',
      'VMMemory',
      'DynamicMemoryEnabled',
      'StartupBytes',
      'MinimumBytes',
      'MaximumBytes',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  (call, bound) =>
    modify(
      call,
      bound,
      ['VMMemory', 'Memory'],
      {
        ...(bound.has('DynamicMemoryEnabled') ? { dynamicMemory: bound.flag('DynamicMemoryEnabled') } : {}),
        ...given(bound, 'StartupBytes', 'memoryBytes'),
        ...given(bound, 'MinimumBytes', 'minimumBytes'),
        ...given(bound, 'MaximumBytes', 'maximumBytes'),
      },
      memoryObject,
    ),
)

const given = (bound: Bound, parameter: string, name: keyof VmChange): VmChange =>
  bound.has(parameter) ? { [name]: bound.number(parameter) } : {}

/** What `-FirstBootDevice` and `-BootOrder` take: a drive or an adapter. */
const deviceOf = (one: Parameters<typeof property>[0]): string => {
  const path = text(property(one, 'Path') ?? '')
  return path !== '' ? path : text(property(one, 'Id') ?? '')
}

export const setVmFirmware = cmdlet(
  {
    name: 'Set-VMFirmware',
    module: 'Hyper-V',
    synopsis: 'Sets the firmware configuration of a virtual machine.',
    supports: ['VMName', 'VM', 'VMFirmware', 'EnableSecureBoot', 'FirstBootDevice', 'BootOrder', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const order = [...bound.list('FirstBootDevice'), ...bound.list('BootOrder')].map(deviceOf)
    for (const vm of ownersOf(call, bound, 'VMFirmware')) {
      if (vm.generation === 1) {
        call.error(generation1(vm))
        continue
      }
      const what = {
        ...(bound.has('EnableSecureBoot') ? { secureBoot: bound.text('EnableSecureBoot') === 'On' } : {}),
        ...(order.length > 0 ? { bootOrder: order } : {}),
      }
      if (!changeVm(call, vm, what, MODIFY('Firmware'))) continue
      const now = nowOf(call, vm)
      if (now && bound.flag('Passthru')) yield* call.emit(firmwareObject(call, now))
    }
  },
)
