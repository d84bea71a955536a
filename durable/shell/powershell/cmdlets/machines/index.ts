import type { Cmdlet } from '../../cmdlet.ts'
import { hnsCmdlets } from '../get-hns-network.ts'
import { disableVmSwitchExtension, enableVmSwitchExtension, getVmSystemSwitchExtension } from '../get-vm-switch-extension.ts'
import {
  addVmDvdDrive,
  addVmHardDiskDrive,
  getVmDvdDrive,
  getVmHardDiskDrive,
  removeVmDvdDrive,
  removeVmHardDiskDrive,
  setVmDvdDrive,
  setVmHardDiskDrive,
} from './drives.ts'
import { compareVm, exportVm, importVm } from './export.ts'
import { getVmFirmware, getVmMemory, getVmProcessor, setVmFirmware, setVmMemory, setVmProcessor } from './hardware.ts'
import { getVmNetworkAdapterIsolation, setVmNetworkAdapterIsolation } from './isolation.ts'
import { disableVmResourceMetering, enableVmResourceMetering, measureVm, resetVmResourceMetering } from './metering.ts'
import { addVmNetworkAdapter, removeVmNetworkAdapter } from './network-adapters.ts'
import { newVm, removeVm } from './new-vm.ts'
import { copyVmFile, disableVmTpm, enableVmTpm, getVmHostSupportedVersion, updateVmVersion } from './others.ts'
import { teamCmdlets } from './team.ts'
import { testVmNetworkAdapter } from './test-adapter.ts'
import { getVhd, newVhd } from './vhd.ts'

/** Machines and what is in them. */
export const machineCmdlets: readonly Cmdlet[] = [
  disableVmSwitchExtension,
  enableVmSwitchExtension,
  ...hnsCmdlets,
  getVmNetworkAdapterIsolation,
  getVmSystemSwitchExtension,
  setVmNetworkAdapterIsolation,
  addVmDvdDrive,
  addVmHardDiskDrive,
  addVmNetworkAdapter,
  compareVm,
  copyVmFile,
  disableVmResourceMetering,
  disableVmTpm,
  enableVmResourceMetering,
  enableVmTpm,
  exportVm,
  getVhd,
  getVmDvdDrive,
  getVmFirmware,
  getVmHardDiskDrive,
  getVmHostSupportedVersion,
  getVmMemory,
  getVmProcessor,
  importVm,
  measureVm,
  newVhd,
  newVm,
  removeVm,
  removeVmDvdDrive,
  removeVmHardDiskDrive,
  removeVmNetworkAdapter,
  resetVmResourceMetering,
  setVmDvdDrive,
  setVmFirmware,
  setVmHardDiskDrive,
  setVmMemory,
  setVmProcessor,
  testVmNetworkAdapter,
  updateVmVersion,
  ...teamCmdlets,
]
