import { autoTable, col, rows, type View } from '../format/view.ts'

export const hyperVViews: readonly View[] = [
  { type: 'VMSwitch', usual: 'table', table: autoTable('Name', 'SwitchType', 'NetAdapterInterfaceDescription') },
  {
    type: 'VMSwitchExtension',
    usual: 'list',
    list: rows('Id', 'Name', 'Vendor', 'Version', 'ExtensionType', 'ParentExtensionId', 'ParentExtensionName', 'SwitchId', 'SwitchName', 'Enabled', 'Running', 'CimSession', 'ComputerName', 'IsDeleted'),
  },
  {
    type: 'VirtualMachine',
    usual: 'table',
    table: autoTable(
      'Name',
      'State',
      col('CPUUsage(%)', undefined, { value: 'CPUUsage', right: false }),
      col('MemoryAssigned(M)', undefined, { value: (vm) => Number(vm.props.get('MemoryAssigned')) / 1_048_576, right: false }),
      'Uptime',
      'Status',
      'Version',
    ),
  },
  { type: 'VMNetworkAdapterBase', usual: 'table', table: autoTable('Name', 'IsManagementOs', 'VMName', 'SwitchName', 'MacAddress', 'Status', 'IPAddresses') },
  {
    type: 'VMNetworkAdapterVlanSetting',
    usual: 'table',
    table: autoTable('VMName', col('VMNetworkAdapterName', undefined, { value: 'AdapterName' }), col('Mode', undefined, { value: 'OperationMode' }), 'VlanList'),
    list: rows(
      'OperationMode', 'AccessVlanId', 'NativeVlanId', 'AllowedVlanIdList', 'AllowedVlanIdListString', 'PrivateVlanMode', 'PrimaryVlanId', 'SecondaryVlanId', 'SecondaryVlanIdList',
      'SecondaryVlanIdListString', 'ParentAdapter', 'IsTemplate', 'CimSession', 'ComputerName', 'IsDeleted',
    ),
  },
  { type: 'VMIntegrationComponent', usual: 'table', table: autoTable('VMName', 'Name', 'Enabled', 'PrimaryStatusDescription', 'SecondaryStatusDescription') },
  {
    type: 'VMHost',
    usual: 'table',
    table: { columns: [col('ComputerName', 17, { value: 'Name' }), col('LogicalProcessorCount', 21), col('MemoryCapacity(M)', 17, { value: 'MemoryCapacityMB' }), col('VirtualMachineMigrationEnabled', 30)] },
  },
]
