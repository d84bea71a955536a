// Switches that people make, the adapters on them, and what is set at their ports: typed as on the real thing, in the first lab.
import { describe, expect, it } from 'vitest'
import { firstLab as lab, reaches, type Typing } from './first-lab.ts'

/** Two guests on a private switch, with addresses of their own. */
function privateLab() {
  const made = lab()
  const { type } = made
  type('pc', 'New-VMSwitch -Name Lab -SwitchType Private | Out-Null')
  type('pc', 'Connect-VMNetworkAdapter -VMName ubuntu1,ubuntu2 -SwitchName Lab')
  type('ubuntu1', 'sudo ip addr add 10.9.0.1/24 dev eth0')
  type('ubuntu2', 'sudo ip addr add 10.9.0.2/24 dev eth0')
  return made
}

describe('a private switch', () => {
  it('connects its guests and nobody else', () => {
    const { type } = privateLab()
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(true)
    expect(type('ubuntu1', 'ping -c 1 -W 1 www.example.com')).toContain('Temporary failure in name resolution')
    expect(type('pc', 'ipconfig')).not.toContain('vEthernet (Lab)')
    type('pc', "Connect-VMNetworkAdapter -VMName ubuntu2 -SwitchName 'Default Switch'")
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
  })

  it('becomes internal and private again: the computer’s adapter comes and goes with its addresses', () => {
    const { type } = privateLab()
    type('pc', 'Set-VMSwitch Lab -SwitchType Internal')
    expect(type('pc', 'ipconfig')).toContain('Autoconfiguration IPv4 Address. . : 169.254.')
    expect(type('pc', 'Get-NetAdapter | % Name')).toContain('vEthernet (Lab)')
    type('pc', 'Set-VMSwitch Lab -SwitchType Private')
    expect(type('pc', 'Get-NetAdapter | % Name')).not.toContain('vEthernet (Lab)')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(true)
  })

  it('is not removed while machines run on it; off, they are disconnected', () => {
    const { type, lab: now } = privateLab()
    expect(type('pc', 'Remove-VMSwitch Lab -Force')).toContain(
      "The virtual switch 'Lab' cannot be deleted because it is being used by running virtual machines or assigned to child pools.",
    )
    type('pc', 'Stop-VM ubuntu1,ubuntu2 -TurnOff')
    type('pc', 'Remove-VMSwitch Lab -Force')
    expect(type('pc', 'Get-VMSwitch | % Name')).toBe('Default Switch\n')
    expect(type('pc', 'Get-VMNetworkAdapter ubuntu1 | % SwitchName')).toBe('\n')
    expect(
      now()
        .topology()
        .nodes.some(({ label }) => label === 'Lab'),
    ).toBe(false)
  })
})

describe('the Default Switch', () => {
  it.each(['Set-VMSwitch "Default Switch" -SwitchType Private', 'Rename-VMSwitch "Default Switch" -NewName X'])(
    '%s is refused',
    (line) => {
      const { type } = lab()
      expect(type('pc', line)).toContain('The automatic Internet Connection Sharing switch cannot be modified.')
    },
  )
})

describe('VLANs', () => {
  it('another VLAN is silence, the same one is not, and a wrong id is an error', () => {
    const { type } = privateLab()
    type('pc', 'Set-VMNetworkAdapterVlan -VMName ubuntu1 -Access -VlanId 10')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
    type('pc', 'Set-VMNetworkAdapterVlan -VMName ubuntu2 -Access -VlanId 10')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(true)
    expect(type('pc', 'Set-VMNetworkAdapterVlan -VMName ubuntu2 -Access -VlanId 5000')).toContain('from 1 to 4094')
    expect(
      type(
        'pc',
        'Set-VMNetworkAdapterVlan ubuntu2 -Trunk -AllowedVlanIdList "10-12,50" -NativeVlanId 0; Get-VMNetworkAdapterVlan ubuntu2',
      ),
    ).toContain('ubuntu2 Network Adapter      Trunk 0,10-12,50')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
  })
})

describe('access lists', () => {
  it('a port ACL filters by address and is undone by the same words', () => {
    const { type } = privateLab()
    const words = '-VMName ubuntu1 -Action Deny -Direction Inbound -RemoteIPAddress 10.9.0.2'
    type('pc', `Add-VMNetworkAdapterAcl ${words}`)
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
    type('pc', `Remove-VMNetworkAdapterAcl ${words}`)
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(true)
    expect(type('pc', `Remove-VMNetworkAdapterAcl ${words}`)).toContain('No ACL entry was found')
    expect(
      type('pc', 'Add-VMNetworkAdapterAcl -VMName ubuntu1 -Action Deny -Direction Both -RemoteIPAddress 10.9.0.300'),
    ).toContain('is not valid')
  })

  it('an extended ACL decides by weight; the same weight and direction cannot be twice', () => {
    const { type } = privateLab()
    const deny = 'Add-VMNetworkAdapterExtendedAcl -VMName ubuntu1 -Action Deny -Direction Inbound -Weight 1'
    type('pc', deny)
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
    expect(type('pc', deny)).toContain('already exists')
    type('pc', 'Add-VMNetworkAdapterExtendedAcl -VMName ubuntu1 -Action Allow -Direction Inbound -Protocol 1 -Weight 10')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(true)
    type('pc', 'Remove-VMNetworkAdapterExtendedAcl -VMName ubuntu1 -Direction Inbound -Weight 10')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
    type('pc', 'Get-VMNetworkAdapterExtendedAcl ubuntu1 | Remove-VMNetworkAdapterExtendedAcl')
    expect(type('pc', 'Get-VMNetworkAdapterExtendedAcl ubuntu1')).toBe('')
  })
})

it('is the same when the lab is put away after every line, and after a restart of the computer', () => {
  const run = (away: boolean) => {
    const { type, lab: now } = lab(away, 5)
    const said = [
      type('pc', 'New-VMSwitch Lab -SwitchType Internal'),
      type('pc', 'Connect-VMNetworkAdapter ubuntu1,win1 -SwitchName Lab'),
      type('ubuntu1', 'sudo ip addr add 169.254.7.7/16 dev eth0; ping -c 2 -W 1 169.254.255.255; ip neigh'),
      type('pc', 'Set-VMNetworkAdapter ubuntu1 -MacAddressSpoofing On -StormLimit 5 -MaximumBandwidth 1MB -DhcpGuard On'),
      type('ubuntu1', 'ping -c 3 -W 1 169.254.1.1'),
      type('pc', 'Rename-VMSwitch Lab -NewName Else; Get-VMSwitch; Get-VMNetworkAdapter -All'),
      type('pc', 'Restart-Computer -Force'),
      type('pc', 'Get-VMSwitch; ipconfig; Get-VMNetworkAdapter ubuntu1 | fl SwitchName,StormLimit,DhcpGuard,MacAddressSpoofing'),
      type('ubuntu1', 'ip -br addr'),
    ]
    return { said, digest: now().digest() }
  }
  const straight = run(false)
  expect(run(true)).toEqual(straight)
  expect(straight.said[7]).toContain('vEthernet (Lab)')
  expect(straight.said[7]).toMatch(/SwitchName +: Else\nStormLimit +: 5\nDhcpGuard +: On/)
})

describe('a virtual machine', () => {
  it('paused is silent, and goes on as if nothing had been', () => {
    const { type } = privateLab()
    type('pc', 'Suspend-VM ubuntu2')
    expect(type('pc', 'Get-VM ubuntu2 | % State')).toBe('Paused\n')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(false)
    type('pc', 'Resume-VM ubuntu2')
    expect(reaches(type, 'ubuntu1', '10.9.0.2')).toBe(true)
    expect(type('pc', 'Resume-VM ubuntu2')).toContain('WARNING: The virtual machine is already in the specified state.')
  })

  it('goes back to a production checkpoint: off, with the disk and the adapter as they were', () => {
    const { type } = lab()
    type('ubuntu1', 'echo before > /tmp/note')
    type('pc', 'Checkpoint-VM ubuntu1 -SnapshotName clean')
    type('ubuntu1', 'echo after > /tmp/note')
    type('pc', 'Disconnect-VMNetworkAdapter ubuntu1')
    expect(type('pc', 'Get-VMSnapshot ubuntu1 | % Name')).toBe('clean\n')
    expect(type('pc', 'Restore-VMSnapshot -VMName ubuntu1 -Name nosuch -Confirm:$false')).toContain('unable to find a checkpoint')
    type('pc', 'Restore-VMSnapshot -VMName ubuntu1 -Name clean -Confirm:$false')
    expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Off\n')
    type('pc', 'Start-VM ubuntu1')
    expect(type('ubuntu1', 'cat /tmp/note')).toBe('before\n')
    expect(type('ubuntu1', 'ping -c 1 -W 1 www.example.com')).toContain('1 received')
    type('pc', 'Checkpoint-VM ubuntu1 -SnapshotName second; Remove-VMSnapshot ubuntu1 clean')
    expect(type('pc', 'Get-VMSnapshot ubuntu1 | % { "$($_.Name) after $($_.ParentSnapshotName)." }')).toBe('second after .\n')
  })

  it('is not shut down without its shutdown service, and tells no address without key-value pairs', () => {
    const { type } = lab()
    type('pc', 'Disable-VMIntegrationService win1 -Name Shutdown,Key*')
    expect(type('pc', 'Stop-VM win1')).toContain('The shutdown integration service of the virtual machine is not available.')
    expect(type('pc', '(Get-VMNetworkAdapter win1).IPAddresses.Count')).toBe('0\n')
    type('pc', 'Stop-VM win1 -TurnOff')
    expect(type('pc', 'Get-VM win1 | % State')).toBe('Off\n')
  })

  it('keeps its name, notes and actions through a restart, and its MAC range is the host’s', () => {
    const { type } = lab(true)
    type(
      'pc',
      'Rename-VM win1 -NewName client; Set-VM client -Notes "for tests" -AutomaticStartAction Nothing -AutomaticStopAction TurnOff',
    )
    type('pc', 'Set-VMHost -MacAddressMinimum 00155DAA0000 -MacAddressMaximum 00155DAA0001')
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', 'Get-VM client | % { "$($_.Name) $($_.Notes) $($_.State)" }')).toBe('client for tests Off\n')
    type('pc', 'New-VMSwitch One -SwitchType Internal; New-VMSwitch Two -SwitchType Internal')
    expect(type('pc', 'Get-VMNetworkAdapter -ManagementOS | % MacAddress')).toMatch(/00155DAA0000\n00155DAA0001\n$/)
    expect(type('pc', 'New-VMSwitch Three -SwitchType Internal')).toContain('No more virtual switches or MAC addresses')
  })
})

describe('the computer on an internal switch', () => {
  const internal = () => {
    const made = lab(true)
    const { type } = made
    type('pc', 'New-VMSwitch Lab -SwitchType Internal | Out-Null; Connect-VMNetworkAdapter ubuntu1 -SwitchName Lab')
    type('pc', "New-NetIPAddress -InterfaceAlias 'vEthernet (Lab)' -IPAddress 10.9.0.1 -PrefixLength 24 | Out-Null")
    type('ubuntu1', 'sudo ip addr add 10.9.0.2/24 dev eth0')
    return made
  }

  it('has the address that it was given, and is reached there', () => {
    const { type } = internal()
    expect(
      type(
        'pc',
        'Get-NetIPAddress -InterfaceAlias \'vEthernet (Lab)\' -AddressFamily IPv4 | % { "$($_.IPAddress) $($_.PrefixOrigin)" }',
      ),
    ).toBe('10.9.0.1 Manual\n')
    expect(type('pc', 'ping -n 1 10.9.0.2')).toContain('Reply from 10.9.0.2')
    expect(type('pc', "(Get-NetIPInterface -InterfaceAlias 'vEthernet (Lab)' -AddressFamily IPv4).Dhcp")).toBe('Disabled\n')
    expect(type('pc', "New-NetIPAddress -InterfaceAlias 'vEthernet (Lab)' -IPAddress 10.9.0.1 -PrefixLength 24")).toContain(
      'already exists',
    )
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', 'ping -n 1 10.9.0.2')).toContain('Reply from 10.9.0.2')
  })

  it('gives the address up, and asks by DHCP again when told to', () => {
    const { type } = internal()
    type('pc', 'Remove-NetIPAddress 10.9.0.1 -Confirm:$false')
    expect(type('pc', 'ipconfig')).not.toContain('10.9.0.1')
    type('pc', "Set-NetIPInterface -InterfaceAlias 'vEthernet (Lab)' -Dhcp Enabled")
    expect(type('pc', 'ipconfig')).toContain('Autoconfiguration IPv4 Address. . : 169.254.')
  })

  it('routes between two switches only when forwarding is on at both', () => {
    const { type } = internal()
    type('pc', 'New-VMSwitch Two -SwitchType Internal | Out-Null; Connect-VMNetworkAdapter ubuntu2 -SwitchName Two')
    type('pc', "New-NetIPAddress -InterfaceAlias 'vEthernet (Two)' -IPAddress 10.9.1.1 -PrefixLength 24 | Out-Null")
    type('ubuntu2', 'sudo ip addr add 10.9.1.2/24 dev eth0; sudo ip route add 10.9.0.0/24 via 10.9.1.1')
    type('ubuntu1', 'sudo ip route add 10.9.1.0/24 via 10.9.0.1')
    expect(reaches(type, 'ubuntu1', '10.9.1.2')).toBe(false)
    type('pc', "Set-NetIPInterface -InterfaceAlias 'vEthernet (Lab)' -Forwarding Enabled")
    expect(reaches(type, 'ubuntu1', '10.9.1.2')).toBe(false)
    type('pc', "Set-NetIPInterface -InterfaceAlias 'vEthernet (Two)' -Forwarding Enabled")
    expect(reaches(type, 'ubuntu1', '10.9.1.2')).toBe(true)
  })
})

describe('WinNAT', () => {
  const natted = () => {
    const made = lab(true)
    const { type } = made
    type('pc', 'New-VMSwitch Lab -SwitchType Internal | Out-Null; Connect-VMNetworkAdapter ubuntu1 -SwitchName Lab')
    type('pc', "New-NetIPAddress -InterfaceAlias 'vEthernet (Lab)' -IPAddress 192.168.100.1 -PrefixLength 24 | Out-Null")
    type('ubuntu1', 'sudo ip addr add 192.168.100.10/24 dev eth0; sudo ip route add default via 192.168.100.1')
    return made
  }

  it('takes guests of an internal switch out, and no longer when it is removed', () => {
    const { type } = natted()
    expect(reaches(type, 'ubuntu1', '192.168.3.51')).toBe(false)
    expect(type('pc', 'New-NetNat -Name LabNat -InternalIPInterfaceAddressPrefix 192.168.100.0/24 | % Name')).toBe('LabNat\n')
    expect(reaches(type, 'ubuntu1', '192.168.3.51')).toBe(true)
    expect(type('pc', 'Get-NetNatSession | % { "$($_.NatName) $($_.Protocol) $($_.InternalSourceAddress)" }')).toContain(
      'LabNat ICMP 192.168.100.10\n',
    )
    expect(type('pc', 'New-NetNat Other -InternalIPInterfaceAddressPrefix 192.168.100.0/25')).toContain(
      'The parameter is incorrect.',
    )
    type('pc', 'Remove-NetNat LabNat -Confirm:$false')
    expect(type('pc', 'Get-NetNat')).toBe('')
    expect(reaches(type, 'ubuntu1', '192.168.3.51')).toBe(false)
  })

  it('keeps its mappings through a restart, and forwards a port to one inside', () => {
    const { type } = natted()
    type('pc', 'New-NetNat LabNat -InternalIPInterfaceAddressPrefix 192.168.100.0/24 | Out-Null')
    const add =
      'Add-NetNatStaticMapping LabNat -Protocol TCP -ExternalIPAddress 0.0.0.0 -ExternalPort 2222 -InternalIPAddress 192.168.100.10 -InternalPort 22'
    expect(type('pc', `${add} | % StaticMappingID`)).toBe('0\n')
    expect(type('pc', add)).toContain('being used by another process')
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', 'Get-NetNatStaticMapping | % { "$($_.ExternalPort) $($_.InternalIPAddress):$($_.InternalPort)" }')).toBe(
      '2222 192.168.100.10:22\n',
    )
    expect(
      type(
        'pc',
        'Add-NetNatStaticMapping LabNat -Protocol TCP -ExternalIPAddress 0.0.0.0 -ExternalPort 99 -InternalIPAddress 10.0.0.1',
      ),
    ).toContain('The parameter is incorrect.')
    type('pc', 'Remove-NetNatStaticMapping -StaticMappingID 0 -Confirm:$false')
    expect(type('pc', 'Get-NetNatStaticMapping')).toBe('')
  })
})

describe('network virtualization', () => {
  it('virtual subnets do not hear each other, nor anybody without one', () => {
    const { type } = privateLab()
    const heard = () => reaches(type, 'ubuntu1', '10.9.0.2')
    type('pc', 'Set-VMNetworkAdapter -VMName ubuntu1 -VirtualSubnetId 5001')
    expect(heard()).toBe(false)
    type('pc', 'Set-VMNetworkAdapter -VMName ubuntu2 -VirtualSubnetId 5002')
    expect(heard()).toBe(false)
    type('pc', 'Set-VMNetworkAdapter -VMName ubuntu2 -VirtualSubnetId 5001')
    expect(heard()).toBe(true)
    expect(type('pc', 'Get-VMNetworkAdapter ubuntu1 | % VirtualSubnetId')).toBe('5001\n')
    type('pc', 'Set-VMNetworkAdapter -VMName ubuntu1,ubuntu2 -VirtualSubnetId 0')
    expect(heard()).toBe(true)
    expect(type('pc', 'Set-VMNetworkAdapter -VMName ubuntu1 -VirtualSubnetId 77')).toContain(
      'must be 0 or between 4096 and 16777214',
    )
  })

  it('what is in one does not leave by the adapter of an external switch', () => {
    const { type } = lab(true)
    type('pc', 'New-VMSwitch Out -NetAdapterName Ethernet | Out-Null; Connect-VMNetworkAdapter ubuntu1 -SwitchName Out')
    type('ubuntu1', 'sudo ip addr flush dev eth0; sudo ip addr add 192.168.3.201/24 dev eth0')
    expect(reaches(type, 'ubuntu1', '192.168.3.1')).toBe(true)
    type('pc', 'Set-VMNetworkAdapter -VMName ubuntu1 -VirtualSubnetId 5001')
    expect(reaches(type, 'ubuntu1', '192.168.3.1')).toBe(false)
  })
})

describe('the event logs', () => {
  const events = (type: Typing, log: string, ids: string) =>
    type('pc', `Get-WinEvent -LogName ${log} -Oldest | ? Id -in ${ids} | % { "$($_.Id) $($_.Message)" }`)
  const VMMS = 'Microsoft-Windows-Hyper-V-VMMS-Admin'

  it('tell of switches and of the computer’s adapters on them', () => {
    const { type } = lab()
    type(
      'pc',
      'New-VMSwitch Lab -SwitchType Internal | Out-Null; Set-VMSwitch Lab -SwitchType Private; Remove-VMSwitch Lab -Force',
    )
    const said = events(type, VMMS, '26000,26002,26012,26026')
    expect(said).toMatch(/^26000 Switch created, name='[0-9A-F-]{36}', friendly name='Lab'\.\n/)
    expect(said).toMatch(
      /\n26012 Internal miniport created, .* friendly name = 'vEthernet \(Lab\)', MAC = '00-15-5D-[0-9A-F-]{8}'\.\n/,
    )
    expect(said).toMatch(
      /\n26026 Internal miniport deleted, .* friendly name = 'vEthernet \(Lab\)'\.\n26002 Switch deleted, .*'Lab'\.\n$/,
    )
  })

  it('tell of ports that running machines are connected to and disconnected from', () => {
    const { type } = lab(true)
    type('pc', 'New-VMSwitch Lab -SwitchType Private | Out-Null; Connect-VMNetworkAdapter ubuntu1 -SwitchName Lab')
    expect(events(type, VMMS, '26074,26078').split('\n').slice(-3).join('\n')).toMatch(
      /^26078 .* switch friendly name = 'Default Switch', port name = '[0-9A-F-]{36}'\.\n26074 .* switch friendly name = 'Lab', .*\n$/,
    )
    type('pc', 'Stop-VM ubuntu1')
    const last = type('pc', 'Get-WinEvent -ProviderName Microsoft-Windows-Hyper-V-VmSwitch -MaxEvents 1 | % Message')
    expect(last).toMatch(
      /^NIC .* \(Friendly Name: Network Adapter\) successfully disconnected from port .* \(Friendly Name: Lab\)\.\n$/,
    )
  })

  it('tell of what was refused, of a used up pool, and of machines that come and go', () => {
    const { type } = lab()
    type('pc', "Remove-VMSwitch 'Default Switch' -Force")
    type(
      'pc',
      'New-VMSwitch Lab -SwitchType Private | Out-Null; Connect-VMNetworkAdapter ubuntu1 -SwitchName Lab; Remove-VMSwitch Lab -Force',
    )
    expect(events(type, VMMS, '26094,26142')).toBe(
      "26094 The automatic Internet Connection Sharing switch cannot be modified.\n26142 Failed while removing virtual Ethernet switch 'Default Switch'.\n26142 Failed while removing virtual Ethernet switch 'Lab'.\n",
    )
    type('pc', 'New-VM spare -NoVHD | Out-Null; Set-VMHost -MacAddressMinimum 00155DAA0000 -MacAddressMaximum 00155DAA0000')
    type('pc', 'New-VMSwitch Takes -SwitchType Internal | Out-Null')
    expect(type('pc', 'Start-VM spare')).toContain("Failed to power on with Error 'Attempt to access invalid address'.")
    type('pc', 'Remove-VM spare -Force')
    expect(events(type, VMMS, '12565,13002,13003')).toMatch(
      /^13002 The virtual machine 'spare' was created\. .*\n12565 'spare' Synthetic Ethernet Port .*\n13003 The virtual machine 'spare' was deleted\. .*\n$/,
    )
  })
})
