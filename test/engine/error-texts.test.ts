// What the real system says when something is wrong, letter for letter (fact sheet 2.0 to 2.12 and 3.1 to 3.7, texts marked [D] or
// [E]), each provoked in a lab.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const yaml = readFileSync(join(import.meta.dirname, '../../labs/external-switch/lab.yaml'), 'utf8')

type Case = {
  readonly name: string
  readonly before?: readonly string[]
  readonly line: string
  readonly says: readonly string[]
}

const HYPERV = 'Microsoft.HyperV.PowerShell.Commands.'

const cases: readonly Case[] = [
  {
    name: 'a virtual machine that there is not',
    line: 'Get-VM nosuch',
    says: [
      'Get-VM : Hyper-V was unable to find a virtual machine with name "nosuch".',
      'At line:1 char:1',
      '+ Get-VM nosuch',
      '+ ~~~~~~~~~~~~~',
      '    + CategoryInfo          : InvalidArgument: (nosuch:String) [Get-VM], VirtualizationException',
      `    + FullyQualifiedErrorId : InvalidParameter,${HYPERV}GetVM`,
    ],
  },
  {
    name: 'a switch that there is not',
    line: 'Get-VMSwitch nosuch',
    says: [
      'Get-VMSwitch : Hyper-V was unable to find a virtual switch with name "nosuch".',
      `    + FullyQualifiedErrorId : InvalidParameter,${HYPERV}GetVMSwitch`,
    ],
  },
  {
    name: 'a parameter that there is not',
    line: 'Get-VM -Nonsense 1',
    says: ["Get-VM : A parameter cannot be found that matches parameter name 'Nonsense'."],
  },
  {
    name: 'no parameter set',
    line: 'New-VMSwitch -Name X',
    says: ['New-VMSwitch : Parameter set cannot be resolved using the specified named parameters.'],
  },
  {
    name: 'a value outside its set',
    line: 'New-VMSwitch -Name X -SwitchType External',
    says: [
      'New-VMSwitch : Cannot validate argument on parameter \'SwitchType\'. The argument "External" does not belong to the set "Internal,Private" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.',
    ],
  },
  {
    name: 'a word that is nothing',
    line: 'Get-Nonsense',
    says: [
      "Get-Nonsense : The term 'Get-Nonsense' is not recognized as the name of a cmdlet, function, script file, or operable program. ",
    ],
  },
  {
    name: 'an adapter that there is not',
    line: 'Get-NetAdapter -Name X',
    says: [
      "Get-NetAdapter : No MSFT_NetAdapter objects found with property 'Name' equal to 'X'.  Verify the value of the property and retry.",
      '    + FullyQualifiedErrorId : CmdletizationQuery_NotFound_Name,Get-NetAdapter',
    ],
  },
  {
    name: 'no address that fits',
    line: 'Get-NetIPAddress -InterfaceAlias X',
    says: [
      "Get-NetIPAddress : No matching MSFT_NetIPAddress objects found by CIM query for instances of the ROOT/StandardCimv2/MSFT_NetIPAddress class on the  CIM server: SELECT * FROM MSFT_NetIPAddress  WHERE ((InterfaceAlias LIKE 'X')). Verify query parameters and retry.",
    ],
  },
  {
    name: 'an adapter that a switch has',
    before: ['New-VMSwitch -Name One -NetAdapterName Ethernet'],
    line: 'New-VMSwitch -Name Two -NetAdapterName Ethernet',
    says: [
      'New-VMSwitch : Failed while adding virtual Ethernet switch connections.',
      "External Ethernet adapter 'Intel(R) Ethernet Connection (18) I219-LM' is already bound to the Microsoft Virtual Switch protocol.",
      `    + FullyQualifiedErrorId : ObjectInUse,${HYPERV}NewVMSwitch`,
    ],
  },
  {
    name: 'a switch that running machines use',
    before: ['New-VMSwitch -Name One -SwitchType Private', 'Connect-VMNetworkAdapter vm1 -SwitchName One'],
    line: 'Remove-VMSwitch One -Force',
    says: [
      'Remove-VMSwitch : Failed while removing virtual Ethernet switch.',
      "The virtual switch 'One' cannot be deleted because it is being used by running virtual machines or assigned to child pools.",
    ],
  },
  {
    name: 'the Default Switch removed',
    line: "Remove-VMSwitch 'Default Switch' -Force",
    says: [
      'Remove-VMSwitch : Failed while removing virtual Ethernet switch.',
      'The automatic Internet Connection Sharing switch cannot be modified.',
    ],
  },
  {
    name: 'another host adapter on the Default Switch',
    line: "Add-VMNetworkAdapter -ManagementOS -SwitchName 'Default Switch' -Name More",
    says: ['automatic Internet Connection Sharing switch cannot be modified'],
  },
  {
    name: 'an adapter of a machine that there is not',
    line: "Connect-VMNetworkAdapter -VMName vm1 -Name Nonsense -SwitchName 'Default Switch'",
    says: [
      'Connect-VMNetworkAdapter : No network adapter was found with the given criteria.',
      `${HYPERV}ConnectVMNetworkAdapter`,
      'ObjectNotFound',
    ],
  },
  {
    name: 'another MAC address while it runs',
    line: 'Set-VMNetworkAdapter -VMName vm1 -StaticMacAddress 00155D7F0001',
    says: ['The operation cannot be performed while the virtual machine is in its current state.'],
  },
  {
    name: 'a machine that is on already',
    line: 'Start-VM vm1',
    says: ['WARNING: The virtual machine is already in the specified state.'],
  },
  {
    name: 'fewer processors while it runs',
    line: 'Set-VM -Name vm1 -ProcessorCount 4',
    says: [
      "Set-VM : Modifying the properties of 'vm1' failed.",
      'The operation cannot be performed while the object is in its current state.',
    ],
  },
  {
    name: 'other memory while it runs',
    line: 'Set-VMMemory vm1 -StartupBytes 4GB -DynamicMemoryEnabled $true',
    says: ["Failed to modify device 'Memory'."],
  },
  {
    name: 'an address twice',
    before: [
      'New-VMSwitch -Name One -SwitchType Internal',
      "New-NetIPAddress -InterfaceAlias 'vEthernet (One)' -IPAddress 10.9.9.1 -PrefixLength 24",
    ],
    line: "New-NetIPAddress -InterfaceAlias 'vEthernet (One)' -IPAddress 10.9.9.1 -PrefixLength 24",
    says: [
      'New-NetIPAddress : The object already exists. ',
      '    + FullyQualifiedErrorId : Windows System Error 5010,New-NetIPAddress',
    ],
  },
  {
    name: 'two networks that overlap',
    before: ['New-NetNat -Name One -InternalIPInterfaceAddressPrefix 10.9.0.0/16'],
    line: 'New-NetNat -Name Two -InternalIPInterfaceAddressPrefix 10.9.9.0/24',
    says: ['New-NetNat : The parameter is incorrect. ', '    + FullyQualifiedErrorId : Windows System Error 87,New-NetNat'],
  },
  {
    name: 'a name that there is not',
    line: 'Resolve-DnsName nosuch.example.com',
    says: ['Resolve-DnsName : nosuch.example.com : DNS name does not exist', 'DNS_ERROR_RCODE_NAME_ERROR'],
  },
  {
    name: 'a port where nobody listens',
    line: 'Test-NetConnection 192.0.2.80 -Port 81',
    says: ['WARNING: TCP connect to (192.0.2.80 : 81) failed', 'TcpTestSucceeded       : False'],
  },
  {
    name: 'a name that does not resolve',
    line: 'Test-NetConnection nosuch.example.com',
    says: ['WARNING: Name resolution of nosuch.example.com failed'],
  },
  {
    name: 'ipconfig of an adapter without a cable',
    before: ['@unplug pc-cable'],
    line: 'ipconfig /renew Ethernet',
    says: ['No operation can be performed on Ethernet while it has its media disconnected.'],
  },
  {
    name: 'ipconfig with an option that there is not',
    line: 'ipconfig /nonsense',
    says: ['Error: unrecognized or incomplete command line.'],
  },
  {
    name: 'the cache of names emptied',
    line: 'ipconfig /flushdns',
    says: ['Successfully flushed the DNS Resolver Cache.'],
  },
  {
    name: 'a route twice',
    before: ['route add 10.8.0.0 mask 255.255.0.0 192.168.3.1'],
    line: 'route add 10.8.0.0 mask 255.255.0.0 192.168.3.1',
    says: ['The route addition failed: The object already exists.'],
  },
  {
    name: 'a gateway that is no neighbour',
    line: 'route add 10.8.0.0 mask 255.255.0.0 172.31.255.254',
    says: [
      'The route addition failed: Either the interface index is wrong or the gateway does not lie on the same network as the interface. Check the IP Address Table for the machine.',
    ],
  },
  { name: 'a route that there is not', line: 'route delete 10.8.0.0', says: ['The route deletion failed: Element not found.'] },
  {
    name: 'nslookup of nothing',
    line: 'nslookup nosuch.example.com',
    says: ["can't find nosuch.example.com: Non-existent domain"],
  },
  {
    name: 'ping of nothing',
    line: 'ping nosuch.example.com',
    says: ['Ping request could not find host nosuch.example.com. Please check the name and try again.'],
  },
  {
    name: 'ping of nobody',
    line: 'ping -n 1 192.168.3.250',
    says: ['Reply from 192.168.3.50: Destination host unreachable.'],
  },
  {
    name: 'a packet too big',
    line: 'ping -n 1 -f -l 1473 192.168.3.1',
    says: ['Packet needs to be fragmented but DF set.'],
  },
  {
    name: 'tracert of nothing',
    line: 'tracert nosuch.example.com',
    says: ['Unable to resolve target system name nosuch.example.com.'],
  },
  {
    name: 'a proxy entry that there is not',
    line: 'netsh interface portproxy delete v4tov4 listenport=9 listenaddress=*',
    says: ['The system cannot find the file specified.'],
  },
  {
    name: 'a firewall rule that there is not',
    line: 'netsh advfirewall firewall show rule name=Nonsense',
    says: ['No rules match the specified criteria.'],
  },
  {
    name: 'DHCP that is on already',
    line: 'netsh interface ip set address name="Ethernet" dhcp',
    says: ['DHCP is already enabled on this interface.'],
  },
]

describe('error texts', () => {
  it.each(cases)('$name', ({ before = [], line, says }) => {
    const opened = openRuntime(yaml, 1)
    if (!opened.ok) throw new Error(JSON.stringify(opened.faults))
    const walk = new Walk(opened.lab)
    for (const one of before) {
      if (one.startsWith('@unplug ')) walk.lab.hand({ action: 'unplug', link: one.slice(8) }, 99)
      else walk.type('pc', one)
    }
    const lines = walk.type('pc', line)
    for (const said of says) expect(lines).toContain(said)
  })
})
