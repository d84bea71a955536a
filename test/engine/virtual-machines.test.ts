// Machines that people make and change (fact sheet 2.2, 2.3, T14): typed as on the real thing, in the first lab.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstLab as lab, reaches } from './first-lab.ts'

const UBUNTU = 'New-VHD C:\\VMs\\vm1.vhdx -ParentPath C:\\Images\\ubuntu-24.04.vhdx -Differencing | Out-Null'
const NEW = `${UBUNTU}; New-VM vm1 -MemoryStartupBytes 2GB -Generation 2 -VHDPath C:\\VMs\\vm1.vhdx -SwitchName 'Default Switch'`
describe('a machine that somebody makes', () => {
  it('runs what is on its disk: an address of the Default Switch, the Internet, a name on the computer', () => {
    const { type, lab: now } = lab()
    expect(type('pc', NEW)).toMatch(/vm1 {2}Off {3}0 {11}0 {17}00:00:00 Operating normally 12\.0/)
    // Drawn at the first start, in order (fact sheet 4.9).
    expect(type('pc', 'Get-VMNetworkAdapter vm1 | % MacAddress')).toBe('000000000000\n')
    type('pc', 'Start-VM vm1')
    expect(type('pc', 'Get-VMNetworkAdapter vm1 | % MacAddress')).toBe('00155D033203\n')
    expect(reaches(type, 'vm1', '192.0.2.80')).toBe(true)
    expect(type('pc', 'ping -n 1 vm1.mshome.net')).toContain('Received = 1')
    expect(type('vm1', 'hostname')).toBe('vm1\n')
    expect(
      now()
        .topology()
        .nodes.find(({ name }) => name === 'vm1')?.inside,
    ).toBe('pc')
  })

  it('may be called like a cable or a switch of the lab, or like another machine', () => {
    const { type, lab: now } = lab(true)
    for (const name of ['pc-cable', 'hosting', 'router', 'Router']) type('pc', `New-VM ${name} -NoVHD | Out-Null`)
    expect(type('pc', 'Get-VM | ? State -eq Off | % Name')).toBe('hosting\npc-cable\nrouter\nRouter\n')
    const inside = now()
      .topology()
      .nodes.filter((node) => node.inside === 'pc')
    expect(inside.map(({ name }) => name)).toEqual(expect.arrayContaining(['pc-cable-2', 'hosting-2', 'router-2', 'router-3']))
  })

  it('without a system it starts, and nothing runs in it', () => {
    const { type } = lab()
    expect(type('pc', 'New-VM; New-VM empty -NewVHDPath C:\\VMs\\e.vhdx -NewVHDSizeBytes 20GB')).toContain(
      'New Virtual Machine Off',
    )
    type('pc', 'Start-VM empty')
    expect(type('pc', 'Get-VM empty | % State')).toBe('Running\n')
    expect(type('pc', 'Stop-VM empty')).toContain('The shutdown integration service of the virtual machine is not available.')
    type('pc', 'Stop-VM empty -TurnOff')
    expect(type('pc', 'Get-VM empty | % State')).toBe('Off\n')
    expect(type('pc', 'Start-VM empty; Start-VM empty')).toBe('WARNING: The virtual machine is already in the specified state.\n')
  })

  it('goes only when it is off; its disk stays, with what is written there', () => {
    const { type } = lab()
    type('pc', `${NEW} | Start-VM`)
    type('vm1', 'echo kept > /home/student/note')
    expect(type('pc', 'Remove-VM vm1 -Force')).toContain(
      'The operation cannot be performed while the object is in its current state.',
    )
    type('pc', 'Stop-VM vm1; Remove-VM vm1 -Force')
    expect(type('pc', 'Get-VM vm1')).toContain('Hyper-V was unable to find a virtual machine with name "vm1".')
    type('pc', 'New-VM second -Generation 2 -VHDPath C:\\VMs\\vm1.vhdx | Start-VM')
    expect(type('second', 'cat /home/student/note')).toBe('kept\n')
  })

  it('one of the definition goes, too, and comes back with its disk', () => {
    const { type, lab: now } = lab()
    type('pc', 'Stop-VM ubuntu1 -TurnOff; Remove-VM ubuntu1 -Force')
    expect(
      now()
        .topology()
        .nodes.some(({ name }) => name === 'ubuntu1'),
    ).toBe(false)
    const disk = '"C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks\\ubuntu1.vhdx"'
    type('pc', `New-VM back -Generation 2 -VHDPath ${disk} -SwitchName 'Default Switch' | Start-VM`)
    expect(reaches(type, 'ubuntu1', '192.0.2.80')).toBe(true)
  })

  it.each([
    ['New-VM x -SwitchName Nope', 'Hyper-V was unable to find a virtual switch with name "Nope".'],
    ['New-VM x -VHDPath C:\\nope.vhdx', "Cannot find path 'C:\\nope.vhdx' because it does not exist."],
    ['New-VM x -MemoryStartupBytes 1MB', 'at least 32 MB'],
    ['Remove-VM nope -Force', 'Hyper-V was unable to find a virtual machine with name "nope".'],
    [
      'Set-VMMemory ubuntu1 -StartupBytes 4GB',
      "Failed to modify device 'Memory'.\nThe operation cannot be performed while the object is in its current state.",
    ],
    [
      'Set-VM ubuntu1 -MemoryStartupBytes 4GB',
      "Modifying the properties of 'ubuntu1' failed.\nThe operation cannot be performed while the object is in its current state.",
    ],
    ['Set-VMProcessor ubuntu1 -ExposeVirtualizationExtensions $true', 'while the object is in its current state.'],
    [
      "Set-VMNetworkAdapter ubuntu1 -StaticMacAddress '00-15-5D-11-22-33'",
      'The operation cannot be performed while the virtual machine is in its current state.',
    ],
    ["Set-VMNetworkAdapter ubuntu1 -StaticMacAddress '01-15-5D-11-22-33'", 'The specified MAC address is not valid.'],
    ['Add-VMNetworkAdapter ubuntu1 -IsLegacy $true', 'do not support legacy network adapters'],
    [
      "Connect-VMNetworkAdapter ubuntu1 -Name Nope -SwitchName 'Default Switch'",
      'No network adapter was found with the given criteria.',
    ],
    [
      "Add-VMNetworkAdapter -ManagementOS -SwitchName 'Default Switch'",
      'The automatic Internet Connection Sharing switch cannot be modified.',
    ],
    ['Get-VHD C:\\nope.vhdx', "Getting the mounted storage instance for the path 'C:\\nope.vhdx' failed."],
    ['Measure-VM ubuntu1', 'Resource metering is not enabled'],
  ])('%s: %s', (line, said) => {
    expect(lab().type('pc', line)).toContain(said)
  })

  it('without data execution prevention, or told not to, the hypervisor does not start, and no machine does', () => {
    const { type } = lab()
    for (const [off, on] of [
      ['nx AlwaysOff', 'nx OptIn'],
      ['hypervisorlaunchtype off', 'hypervisorlaunchtype auto'],
    ] as const) {
      expect(type('pc', `bcdedit /set ${off}`)).toBe('The operation completed successfully.\n')
      expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Running\n')
      type('pc', 'Restart-Computer -Force')
      expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Saved\n')
      expect(type('pc', 'Start-VM ubuntu1')).toContain(
        'The virtual machine could not be started because the hypervisor is not running.',
      )
      type('pc', `bcdedit /set ${on}; Restart-Computer -Force`)
      type('pc', 'Start-VM ubuntu1')
      expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Running\n')
    }
  })

  it('the pool of addresses is used up: it does not start', () => {
    const { type } = lab()
    type('pc', 'Set-VMHost -MacAddressMinimum 00155D0A0000 -MacAddressMaximum 00155D0A0000')
    type('pc', `${NEW}; New-VM vm2`)
    type('pc', 'Start-VM vm1')
    expect(type('pc', 'Start-VM vm2')).toMatch(
      /Synthetic Ethernet Port \(Instance ID [0-9A-F-]+\): Failed to power on with Error 'Attempt to access invalid address'\./,
    )
    expect(type('pc', 'Get-VM vm2 | % State')).toBe('Off\n')
  })
})

describe('adapters', () => {
  it('are plugged into a running machine of generation 2, and pulled', () => {
    const { type } = lab()
    type('pc', 'New-VMSwitch P -SwitchType Private | Out-Null')
    type('pc', 'Add-VMNetworkAdapter ubuntu1,win1 -Name second -SwitchName P')
    expect(type('ubuntu1', 'ip -br link show eth1')).toContain('DOWN')
    type('ubuntu1', 'sudo ip link set eth1 up; sudo ip addr add 169.254.1.1/16 dev eth1')
    const own = /169\.254\.\d+\.\d+/.exec(type('win1', 'ipconfig').split('Ethernet 2')[1] ?? '')?.[0]
    expect(own).toBeDefined()
    type('win1', 'Enable-NetFirewallRule -DisplayName "File and Printer Sharing (Echo Request - ICMPv4-In)"')
    expect(type('ubuntu1', `ping -c 1 -W 1 -I eth1 ${own}`)).toContain('64 bytes from')
    type('pc', 'Remove-VMNetworkAdapter win1 -Name second')
    expect(type('win1', 'ipconfig')).not.toContain('Ethernet 2')
    expect(type('pc', 'Get-VMNetworkAdapter win1 | % Name')).toBe('Network Adapter\n')
  })

  it('of generation 1 only while it is off; emulated ones there', () => {
    const { type } = lab()
    type('pc', 'New-VM old -VHDPath C:\\Images\\windows-11.vhdx; Start-VM old')
    expect(type('pc', 'Add-VMNetworkAdapter old')).toContain(
      'The operation cannot be performed while the virtual machine is in its current state.',
    )
    type(
      'pc',
      "Stop-VM old -TurnOff; Add-VMNetworkAdapter old -IsLegacy $true -Name legacy -SwitchName 'Default Switch'; Start-VM old",
    )
    expect(type('old', 'Get-NetAdapter "Ethernet 2" | % { "$($_.InterfaceDescription) $($_.LinkSpeed)" }')).toBe(
      'Intel 21140-Based PCI Fast Ethernet Adapter (Emulated) 100 Mbps\n',
    )
    expect(type('old', 'ping -n 1 192.0.2.80')).toContain('Received = 1')
  })

  it('of the computer: a further one on a switch', () => {
    const { type } = lab()
    type('pc', 'New-VMSwitch I -SwitchType Internal | Out-Null; Add-VMNetworkAdapter -ManagementOS -SwitchName I -Name Mgmt')
    expect(type('pc', 'Get-NetAdapter | % Name')).toContain('vEthernet (Mgmt)')
    expect(type('pc', 'Get-VMNetworkAdapter -ManagementOS | % Name')).toBe('Default Switch\nI\nMgmt\n')
    type('pc', 'Remove-VMNetworkAdapter -ManagementOS -Name Mgmt; Remove-VMNetworkAdapter -ManagementOS -Name I')
    expect(type('pc', 'Get-VMSwitch I | % SwitchType')).toBe('Private\n')
  })

  it('a static address is used from the next start on', () => {
    const { type } = lab()
    type('pc', "Stop-VM ubuntu1; Set-VMNetworkAdapter ubuntu1 -StaticMacAddress '02-00-00-00-00-77'; Start-VM ubuntu1")
    expect(type('ubuntu1', 'ip -br link show eth0')).toContain('02:00:00:00:00:77')
    expect(type('pc', 'Get-VMNetworkAdapter ubuntu1 | % DynamicMacAddressEnabled')).toBe('False\n')
    expect(reaches(type, 'ubuntu1', '192.0.2.80')).toBe(true)
  })
})

describe('checkpoints', () => {
  it('a standard one has the memory: the machine is saved at that moment, its session and address as they were', () => {
    const { type } = lab()
    type('pc', 'Set-VM ubuntu1 -CheckpointType Standard; Checkpoint-VM ubuntu1 -SnapshotName live')
    type('ubuntu1', 'sudo ip addr add 10.7.7.7/24 dev eth0; echo x > /home/student/later')
    expect(type('pc', 'Get-VMSnapshot ubuntu1 | % State')).toBe('Saved\n')
    type('pc', 'Restore-VMSnapshot -VMName ubuntu1 -Name live -Confirm:$false')
    expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Saved\n')
    type('pc', 'Start-VM ubuntu1')
    expect(type('ubuntu1', 'ip -4 -br addr show eth0')).not.toContain('10.7.7.7')
    expect(type('ubuntu1', 'cat /home/student/later')).toContain('No such file')
    expect(reaches(type, 'ubuntu1', '192.0.2.80')).toBe(true)
  })

  it('a production one needs the guest; without it there is a standard one, or none', () => {
    const { type } = lab()
    type('pc', 'Checkpoint-VM ubuntu1 -SnapshotName a; Disable-VMIntegrationService VSS -VMName ubuntu1')
    type('pc', 'Checkpoint-VM ubuntu1 -SnapshotName b; Set-VM ubuntu1 -CheckpointType ProductionOnly')
    expect(type('pc', 'Checkpoint-VM ubuntu1 -SnapshotName c')).toContain('Production checkpoints cannot be created')
    expect(type('pc', 'Get-VMSnapshot ubuntu1 | % { "$($_.Name) $($_.State) $($_.ParentSnapshotName)" }')).toBe(
      'a Off \nb Saved a\n',
    )
    type('pc', 'Restore-VMSnapshot -VMName ubuntu1 -Name a -Confirm:$false')
    expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Off\n')
  })

  it('brings back adapters and settings', () => {
    const { type } = lab()
    type('pc', 'Checkpoint-VM ubuntu1 -SnapshotName before')
    type('pc', 'Add-VMNetworkAdapter ubuntu1 -Name more; Set-VMNetworkAdapter ubuntu1 -Name "Network Adapter" -DhcpGuard On')
    type('pc', 'Restore-VMSnapshot -VMName ubuntu1 -Name before -Confirm:$false')
    expect(type('pc', 'Get-VMNetworkAdapter ubuntu1 | % { "$($_.Name) $($_.DhcpGuard)" }')).toBe('Network Adapter Off\n')
  })
})

describe('what a machine is told and asked', () => {
  it('metering counts what its adapters carry', () => {
    const { type } = lab()
    type('pc', 'Enable-VMResourceMetering ubuntu1')
    type('ubuntu1', 'ping -c 20 -i 0.2 -s 60000 192.168.3.1')
    expect(type('pc', 'Measure-VM ubuntu1 | % { "$($_.NetworkInbound) $($_.NetworkOutbound)" }')).toBe('1 1\n')
    type('pc', 'Reset-VMResourceMetering ubuntu1')
    expect(type('pc', 'Measure-VM ubuntu1 | % NetworkInbound')).toBe('0\n')
    type('pc', 'Disable-VMResourceMetering ubuntu1')
    expect(type('pc', 'Get-VMNetworkAdapterAcl ubuntu1')).toBe('')
  })

  it('a file is copied into it when the service is on (T14)', () => {
    const { type } = lab()
    type('pc', 'Set-Content C:\\x.txt hello')
    const copy = 'Copy-VMFile ubuntu1 -SourcePath C:\\x.txt -DestinationPath /tmp -FileSource Host'
    expect(type('pc', copy)).toContain('Guest Service Interface')
    type('pc', `Enable-VMIntegrationService "Guest Service Interface" -VMName ubuntu1; ${copy}`)
    expect(type('ubuntu1', 'cat /tmp/x.txt')).toContain('hello')
    expect(type('pc', copy)).toContain('The file exists. (0x80070050).')
  })

  it('without the service a plain stop is an error, and nothing happens (T14)', () => {
    const { type } = lab()
    type('pc', 'Disable-VMIntegrationService Shutdown -VMName ubuntu1')
    expect(type('pc', 'Stop-VM ubuntu1')).toContain('Stop-VM :')
    expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Running\n')
    type('pc', 'Stop-VM ubuntu1 -TurnOff')
    expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Off\n')
  })
})

const LINES = [
  NEW,
  'Start-VM vm1',
  'Stop-VM vm1 -TurnOff',
  'Save-VM vm1',
  'Suspend-VM vm1',
  'Resume-VM vm1',
  'Remove-VM vm1 -Force',
  'Add-VMNetworkAdapter vm1 -Name n',
  'Remove-VMNetworkAdapter vm1 -Name n',
  'Connect-VMNetworkAdapter vm1 -SwitchName "Default Switch"',
  'Set-VM vm1 -CheckpointType Standard',
  'Checkpoint-VM vm1 -SnapshotName c',
  'Restore-VMSnapshot -VMName vm1 -Name c -Confirm:$false',
  'Remove-VMSnapshot -VMName vm1 -Name c',
  'Get-VMHardDiskDrive vm1 | Remove-VMHardDiskDrive',
  'Add-VMHardDiskDrive vm1 -Path C:\\VMs\\vm1.vhdx',
  'Restart-Computer -Force',
]

it('any order: nothing breaks, being put away changes nothing, and a machine that has an address reaches its gateway', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LINES), { minLength: 3, maxLength: 9 }), (more) => {
      const lines = [NEW, 'Start-VM vm1', ...more]
      const run = (away: boolean) => {
        const { type, lab: now } = lab(away, 4)
        const said = lines.map((line) => type('pc', line))
        for (const text of said) expect(text).not.toMatch(/internal error/i)
        const vm = now().parts.machines.get('vm1')
        const via = vm?.power === 'on' ? vm.stack.byName('eth0') : undefined
        const leased = via?.up && via.addresses.some(({ origin }) => origin === 'dhcp')
        const ping = leased ? type('vm1', 'ping -c 1 -W 1 192.168.3.1') : ''
        return { said, ping, digest: now().digest() }
      }
      expect(run(true)).toEqual(run(false))
    }),
    { numRuns: Number(process.env.RUNS ?? 10), seed: 20261122 },
  )
}, 120_000)
