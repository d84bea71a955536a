import { readSignature, type Signature } from '../binding/signature.ts'
import type { Cmdlet } from '../cmdlet.ts'
import { documented } from '../signatures/index.ts'
import { adapterCmdlets } from './adapter/index.ts'
import { addMember } from './add-member.ts'
import { cimSessionCmdlets } from './cim-session.ts'
import { clearDnsClientCache } from './clear-dns-client-cache.ts'
import { clearHost } from './clear-host.ts'
import { compareObject } from './compare-object.ts'
import { connectVmNetworkAdapter, disconnectVmNetworkAdapter } from './connect-vm-network-adapter.ts'
import { convertFromCsv, importCsv } from './convert-from-csv.ts'
import { convertFromJson } from './convert-from-json.ts'
import { convertFromStringData } from './convert-from-string-data.ts'
import { convertToCsv, exportCsv } from './convert-to-csv.ts'
import { convertToJson } from './convert-to-json.ts'
import { dnsClientCmdlets } from './dns/client.ts'
import { dohCmdlets } from './dns/doh.ts'
import { nrptCmdlets } from './dns/nrpt.ts'
import { firewallCmdlets } from './firewall/index.ts'
import { forEachObject } from './for-each-object.ts'
import { formatList, formatTable } from './format-table.ts'
import { formatWide } from './format-wide.ts'
import { getAlias, newAlias, setAlias } from './get-alias.ts'
import { getCommand } from './get-command.ts'
import { getComputerInfo } from './get-computer-info.ts'
import { getContent } from './get-content.ts'
import { getDate } from './get-date.ts'
import { getDnsClientCache } from './get-dns-client-cache.ts'
import { getDnsClientServerAddress, setDnsClientServerAddress } from './get-dns-client-server-address.ts'
import { getHelp } from './get-help.ts'
import { getHistory } from './get-history.ts'
import { getHnsNetwork, removeHnsNetwork } from './get-hns-network.ts'
import { getCulture, getExecutionPolicy, getHost, getModule, getUiCulture, importModule, setExecutionPolicy } from './get-host.ts'
import { getMember } from './get-member.ts'
import { getNetAdapter } from './get-net-adapter.ts'
import { getNetConnectionProfile, setNetConnectionProfile } from './get-net-connection-profile.ts'
import { getNetIpAddress } from './get-net-ip-address.ts'
import { getNetIpConfiguration } from './get-net-ip-configuration.ts'
import { getNetIpInterface } from './get-net-ip-interface.ts'
import {
  addNetNatExternalAddress,
  addNetNatStaticMapping,
  getNetNat,
  getNetNatExternalAddress,
  getNetNatGlobal,
  getNetNatSession,
  getNetNatStaticMapping,
  newNetNat,
  removeNetNat,
  removeNetNatExternalAddress,
  removeNetNatStaticMapping,
  setNetNat,
  setNetNatGlobal,
} from './get-net-nat.ts'
import { getNetNeighbor } from './get-net-neighbor.ts'
import { findNetRoute, getNetRoute, newNetRoute, removeNetRoute, setNetRoute } from './get-net-route.ts'
import { getNetTcpConnection, getNetUdpEndpoint } from './get-net-tcp-connection.ts'
import { getRandom, newGuid } from './get-random.ts'
import { getUnique } from './get-unique.ts'
import { getVm } from './get-vm.ts'
import { getVmHost, setVmHost } from './get-vm-host.ts'
import { disableVmIntegrationService, enableVmIntegrationService, getVmIntegrationService } from './get-vm-integration-service.ts'
import { getVmNetworkAdapter } from './get-vm-network-adapter.ts'
import { getVmSecurity } from './get-vm-security.ts'
import { getVmSwitch } from './get-vm-switch.ts'
import { getVmSwitchExtension } from './get-vm-switch-extension.ts'
import { getVpnConnection } from './get-vpn-connection.ts'
import { groupObject } from './group-object.ts'
import { invokeExpression } from './invoke-expression.ts'
import { invokeRestMethod, invokeWebRequest } from './invoke-web-request.ts'
import { ipsecCmdlets } from './ipsec/index.ts'
import { joinPath, splitPath } from './join-path.ts'
import { machineCmdlets } from './machines/index.ts'
import { measureCommand } from './measure-command.ts'
import { measureObject } from './measure-object.ts'
import {
  disableNetAdapterBinding,
  enableNetAdapterBinding,
  getNetAdapterBinding,
  setNetAdapterBinding,
} from './net-adapter-binding.ts'
import { newNetIpAddress, newNetNeighbor, removeNetIpAddress, removeNetNeighbor, setNetIpAddress } from './new-net-ip-address.ts'
import { newObject } from './new-object.ts'
import { newTimeSpan } from './new-time-span.ts'
import { newVmSwitch, renameVmSwitch, setVmSwitch } from './new-vm-switch.ts'
import { outDefault, outHost, outNull, outString } from './out-string.ts'
import { removeVmSwitch } from './remove-vm-switch.ts'
import { resolveDnsName } from './resolve-dns-name.ts'
import { restartComputer } from './restart-computer.ts'
import { selectObject } from './select-object.ts'
import { selectString } from './select-string.ts'
import { addContent, clearContent, outFile, setContent } from './set-content.ts'
import { setNetIpInterface } from './set-net-ip-interface.ts'
import { clearVariable, getVariable, newVariable, removeVariable, setVariable } from './set-variable.ts'
import { renameVm, setVm } from './set-vm.ts'
import { renameVmNetworkAdapter, setVmNetworkAdapter } from './set-vm-network-adapter.ts'
import { smbCmdlets } from './smb/shares.ts'
import { sortObject } from './sort-object.ts'
import { startSleep } from './start-sleep.ts'
import { restartVm, resumeVm, saveVm, startVm, stopVm, suspendVm } from './start-vm.ts'
import { setNetNeighbor } from './tcpip/neighbor.ts'
import { tcpipSettingCmdlets } from './tcpip/settings.ts'
import { transportFilterCmdlets } from './tcpip/transport-filter.ts'
import { teeObject } from './tee-object.ts'
import { testConnection } from './test-connection.ts'
import { testNetConnection } from './test-net-connection.ts'
import { addVmNetworkAdapterAcl, getVmNetworkAdapterAcl, removeVmNetworkAdapterAcl } from './vm-network-adapter-acl.ts'
import {
  addVmNetworkAdapterExtendedAcl,
  getVmNetworkAdapterExtendedAcl,
  removeVmNetworkAdapterExtendedAcl,
} from './vm-network-adapter-extended-acl.ts'
import { getVmNetworkAdapterVlan, setVmNetworkAdapterVlan } from './vm-network-adapter-vlan.ts'
import {
  checkpointVm,
  exportVmSnapshot,
  getVmSnapshot,
  removeVmSnapshot,
  renameVmSnapshot,
  restoreVmSnapshot,
} from './vm-snapshot.ts'
import { whereObject } from './where-object.ts'
import { windowsCmdlets } from './windows-cmdlets.ts'
import { readHost, writeDebug, writeError, writeInformation, writeProgress, writeVerbose, writeWarning } from './write-error.ts'
import { writeHost, writeOutput } from './write-output.ts'

/** The cmdlets that have behaviour. A new one is a file and a line. */
export const cmdlets: readonly Cmdlet[] = [
  ...windowsCmdlets,
  ...cimSessionCmdlets,
  ...firewallCmdlets,
  addContent,
  clearContent,
  clearVariable,
  newVariable,
  removeVariable,
  setVariable,
  invokeExpression,
  getCulture,
  getExecutionPolicy,
  getComputerInfo,
  getHost,
  getModule,
  getUiCulture,
  importModule,
  setExecutionPolicy,
  joinPath,
  splitPath,
  convertFromCsv,
  importCsv,
  getRandom,
  newGuid,
  newTimeSpan,
  getUnique,
  addMember,
  convertFromStringData,
  formatWide,
  newAlias,
  setAlias,
  addNetNatStaticMapping,
  addVmNetworkAdapterAcl,
  addVmNetworkAdapterExtendedAcl,
  checkpointVm,
  clearDnsClientCache,
  clearHost,
  compareObject,
  connectVmNetworkAdapter,
  convertFromJson,
  convertToCsv,
  convertToJson,
  disableNetAdapterBinding,
  disableVmIntegrationService,
  disconnectVmNetworkAdapter,
  enableNetAdapterBinding,
  enableVmIntegrationService,
  exportCsv,
  addNetNatExternalAddress,
  getNetNatExternalAddress,
  getNetNatGlobal,
  removeNetNatExternalAddress,
  setNetNat,
  setNetNatGlobal,
  ...adapterCmdlets,
  ...smbCmdlets,
  ...dnsClientCmdlets,
  ...nrptCmdlets,
  ...dohCmdlets,
  ...tcpipSettingCmdlets,
  ...transportFilterCmdlets,
  findNetRoute,
  setNetRoute,
  setNetNeighbor,
  forEachObject,
  formatList,
  formatTable,
  getAlias,
  getCommand,
  getContent,
  getDate,
  getDnsClientCache,
  getDnsClientServerAddress,
  getHelp,
  getHistory,
  getHnsNetwork,
  getMember,
  getNetAdapter,
  getNetAdapterBinding,
  getNetConnectionProfile,
  getNetIpAddress,
  getNetIpConfiguration,
  getNetIpInterface,
  getNetNat,
  getNetNatSession,
  getNetNatStaticMapping,
  getNetNeighbor,
  getNetRoute,
  getNetTcpConnection,
  getNetUdpEndpoint,
  getVariable,
  getVm,
  getVmHost,
  getVmIntegrationService,
  getVmNetworkAdapter,
  getVmNetworkAdapterAcl,
  getVmNetworkAdapterExtendedAcl,
  getVmNetworkAdapterVlan,
  getVmSecurity,
  getVmSnapshot,
  getVmSwitch,
  getVmSwitchExtension,
  getVpnConnection,
  groupObject,
  invokeRestMethod,
  invokeWebRequest,
  ...ipsecCmdlets,
  ...machineCmdlets,
  measureCommand,
  measureObject,
  newNetIpAddress,
  newNetNat,
  newNetNeighbor,
  newNetRoute,
  newObject,
  newVmSwitch,
  outDefault,
  outFile,
  outHost,
  outNull,
  outString,
  readHost,
  removeNetIpAddress,
  removeNetNat,
  removeNetNatStaticMapping,
  removeNetNeighbor,
  removeNetRoute,
  removeVmNetworkAdapterAcl,
  removeVmNetworkAdapterExtendedAcl,
  removeVmSnapshot,
  removeVmSwitch,
  renameVm,
  renameVmNetworkAdapter,
  renameVmSnapshot,
  exportVmSnapshot,
  removeHnsNetwork,
  renameVmSwitch,
  resolveDnsName,
  restartComputer,
  restartVm,
  restoreVmSnapshot,
  resumeVm,
  saveVm,
  selectObject,
  selectString,
  setContent,
  setDnsClientServerAddress,
  setNetAdapterBinding,
  setNetConnectionProfile,
  setNetIpAddress,
  setNetIpInterface,
  setVm,
  setVmHost,
  setVmNetworkAdapter,
  setVmNetworkAdapterVlan,
  setVmSwitch,
  sortObject,
  startSleep,
  startVm,
  stopVm,
  suspendVm,
  teeObject,
  testConnection,
  testNetConnection,
  whereObject,
  writeDebug,
  writeError,
  writeHost,
  writeInformation,
  writeOutput,
  writeProgress,
  writeVerbose,
  writeWarning,
]

const byName = new Map(cmdlets.map((one) => [one.name.toLowerCase(), one]))

export const cmdletNamed = (name: string): Cmdlet | undefined => byName.get(name.toLowerCase())

const own = new Map<Cmdlet, Signature>()

/** The parameters of a cmdlet: its own line, or the documented one. */
export function signatureOf(cmdlet: Cmdlet): Signature {
  const known = own.get(cmdlet)
  if (known !== undefined) return known
  const made =
    cmdlet.signature === undefined
      ? documented.get(cmdlet.name.toLowerCase())?.signature()
      : readSignature(`${cmdlet.name}${cmdlet.signature.startsWith('{') ? '' : ' '}${cmdlet.signature}`.trim())
  const signature = made ?? { name: cmdlet.name, sets: [], parameters: [] }
  own.set(cmdlet, signature)
  return signature
}
