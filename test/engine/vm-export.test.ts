// Virtual machines written to files and taken back in (fact sheet 2.3).
import { describe, expect, it } from 'vitest'
import { firstLab, reaches, WITH_PAGE, walkFirstLab } from './first-lab.ts'

const CONFIG = "(Get-ChildItem 'C:\\Exports\\ubuntu1\\Virtual Machines' -Name)"
const PATH = `"C:\\Exports\\ubuntu1\\Virtual Machines\\$${CONFIG}"`

describe('an exported machine', () => {
  it('is copied under a new number: its twin, with an address of its own, reaches and is reached', () => {
    const { type } = firstLab(false, 1, WITH_PAGE)
    type('ubuntu1', 'echo here > /tmp/note')
    expect(type('pc', 'Export-VM ubuntu1 -Path C:\\Exports -CaptureLiveState CaptureCrashConsistentState')).toBe('')
    expect(type('pc', CONFIG)).toMatch(/^[0-9A-F-]{36}\.vmcx\n$/)
    expect(type('pc', 'Export-VM ubuntu1 -Path C:\\Exports -CaptureLiveState CaptureCrashConsistentState')).toContain(
      "Failed to export the virtual machine 'ubuntu1'.",
    )
    expect(type('pc', `Import-VM -Path ${PATH} -Copy`)).toContain('a virtual machine with the same identifier already exists')
    const take = `Import-VM -Path ${PATH} -Copy -GenerateNewId -VhdDestinationPath C:\\VMs`
    expect(type('pc', `$vm = ${take}; Rename-VM -VM $vm -NewName twin; (Get-VM twin).State`)).toBe('Off\n')
    expect(type('pc', '(Get-VM twin).Id -eq (Get-VM ubuntu1).Id')).toBe('False\n')
    expect(type('pc', '(Get-VMNetworkAdapter twin).MacAddress')).toBe('000000000000\n')
    expect(type('pc', '(Get-VMHardDiskDrive twin).Path')).toBe('C:\\VMs\\ubuntu1.vhdx\n')
    type('pc', 'Start-VM twin')
    expect(type('ubuntu1-2', 'cat /tmp/note; hostname')).toBe('here\nubuntu1\n')
    expect(reaches(type, 'ubuntu1-2', '192.0.2.80')).toBe(true)
    const [address] = type('ubuntu1-2', 'hostname -I').split(' ')
    expect(type('ubuntu2', `curl -s http://${address}/`)).toContain('hello from the guest')
    expect(type('pc', `${take} | Out-Null`)).toContain("Failed to copy file to 'C:\\VMs\\ubuntu1.vhdx'")
  })

  it('is registered where it lies, under its old number and address, after the machine was removed', () => {
    const { type } = firstLab(true, 3)
    type('pc', 'Stop-VM ubuntu1; $id = (Get-VM ubuntu1).Id; $mac = (Get-VMNetworkAdapter ubuntu1).MacAddress')
    type('pc', 'Export-VM ubuntu1 -Path C:\\Exports; Remove-VM ubuntu1 -Force')
    expect(type('pc', `(Import-VM -Path ${PATH}).Id -eq $id`)).toBe('True\n')
    expect(type('pc', '(Get-VMNetworkAdapter ubuntu1).MacAddress -eq $mac')).toBe('True\n')
    expect(type('pc', '(Get-VMHardDiskDrive ubuntu1).Path')).toContain('C:\\Exports\\ubuntu1\\Virtual Hard Disks\\')
    type('pc', 'Start-VM ubuntu1')
    expect(reaches(type, 'ubuntu1-2', '192.0.2.80')).toBe(true)
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', 'Get-VM ubuntu1 | % State')).toBe('Running\n')
  })

  it('that wants a switch which is not there is not imported until its report is repaired', () => {
    const { type } = firstLab(true)
    type(
      'pc',
      'New-VMSwitch Lab -SwitchType Private | Out-Null; Connect-VMNetworkAdapter ubuntu1 -SwitchName Lab; Stop-VM ubuntu1',
    )
    type('pc', 'Export-VM ubuntu1 -Path C:\\Exports; Remove-VM ubuntu1 -Force; Remove-VMSwitch Lab -Force')
    expect(type('pc', `Import-VM -Path ${PATH}`)).toContain(
      'Import-VM : Unable to import virtual machine due to configuration errors.  Please use Compare-VM to repair the virtual machine.',
    )
    type('pc', `$report = Compare-VM -Path ${PATH}`)
    expect(type('pc', '$report.Incompatibilities | % { "$($_.MessageId) $($_.Message)" }')).toBe(
      "33012 Could not find Ethernet switch 'Lab'.\n",
    )
    type('pc', '$report.Incompatibilities[0].Source | Disconnect-VMNetworkAdapter')
    expect(type('pc', '(Compare-VM -CompatibilityReport $report).Incompatibilities.Count')).toBe('0\n')
    expect(type('pc', '(Import-VM -CompatibilityReport $report).Name')).toBe('ubuntu1\n')
    expect(type('pc', '(Get-VMNetworkAdapter ubuntu1).Connected')).toBe('False\n')
  })

  it('is told what is wrong with a path', () => {
    const { type } = firstLab()
    expect(type('pc', 'Import-VM -Path C:\\none.vmcx')).toContain(
      "The virtual machine configuration file 'C:\\none.vmcx' was not found.",
    )
    expect(type('pc', "Set-Content C:\\a.vmcx 'vmcx1'; Compare-VM -Path C:\\a.vmcx")).toContain('was not found.')
    expect(type('pc', 'Export-VM nosuch -Path C:\\x')).toContain('unable to find a virtual machine with name "nosuch"')
  })
})

describe('Export-VMSnapshot', () => {
  it('writes the machine as it was then, under a new number too', () => {
    const { type } = firstLab()
    type('ubuntu1', 'echo before > /tmp/when')
    type('pc', 'Stop-VM ubuntu1; Checkpoint-VM ubuntu1 -SnapshotName then; Set-VM ubuntu1 -ProcessorCount 4; Start-VM ubuntu1')
    type('ubuntu1', 'echo after > /tmp/when')
    type('pc', 'Stop-VM ubuntu1')
    expect(type('pc', 'Export-VMSnapshot -Name then -VMName ubuntu1 -Path C:\\out')).toBe('')
    expect(type('pc', 'Export-VMSnapshot -Name then -VMName ubuntu1 -Path C:\\out')).toContain(
      "Failed to export the checkpoint 'then'.\nThe directory already exists: 'C:\\out\\ubuntu1'.",
    )
    expect(type('pc', '(Get-VMCheckpoint ubuntu1).Name')).toBe('then\n')
    const file = "(gci 'C:\\out\\ubuntu1\\Virtual Machines' *.vmcx).FullName"
    expect(type('pc', `(Import-VM (${file}) -Copy -GenerateNewId -VhdDestinationPath C:\\new | Get-VMProcessor).Count`)).toBe(
      '2\n',
    )
    expect(type('pc', '(Get-VMProcessor ubuntu1 | % Count) -join ","')).toBe('4,2\n')
  })
})

describe('Remove-HnsNetwork', () => {
  it('takes the Default Switch away until the computer starts anew; whoever stood there has no link meanwhile', () => {
    const { type } = firstLab()
    expect(type('pc', 'Get-HnsNetwork | ? Name -eq "Default Switch" | Remove-HnsNetwork')).toBe('')
    expect(type('pc', '(Get-VMSwitch).Count; (Get-HnsNetwork).Count; Get-NetAdapter *Default* -ErrorAction 0')).toBe('0\n0\n')
    expect(type('ubuntu1', 'ping -c 1 -W 1 192.168.3.1 >/dev/null 2>&1; cat /sys/class/net/eth0/carrier')).toBe('0\n')
    expect(type('pc', 'Remove-HnsNetwork C08CB7B8-9B3C-408E-8E30-5E16A3AEB444')).toContain('Element not found')
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', '(Get-VMSwitch).Name; (Get-HnsNetwork).Name')).toBe('Default Switch\nDefault Switch\n')
    expect(type('ubuntu1', 'ping -c 1 192.168.3.1 | grep -c "1 received"')).toBe('1\n')
  })
})

describe('Test-VMNetworkAdapter', () => {
  it('sends an echo from one machine to another', () => {
    const walk = walkFirstLab()
    const addresses = '$a = (Get-VMNetworkAdapter ubuntu1).IPAddresses[0]; $b = (Get-VMNetworkAdapter ubuntu2).IPAddresses[0]'
    const of = (vm: string) =>
      walk.lab
        .kernel(vm)
        ?.interfaces()
        .find(({ name }) => name === 'eth0')?.addresses[0]?.address
    walk.type('pc', `${addresses}; $a = '${of('ubuntu1')}'; $b = '${of('ubuntu2')}'`)
    const from = walk.sightings.length
    const line = 'Test-VMNetworkAdapter ubuntu1 -Sender -SenderIPAddress $a -ReceiverIPAddress $b -SequenceNumber 1'
    expect(walk.type('pc', `${line} | % RoundTripTime`)).toBe('1\n')
    expect(walk.sightings.slice(from).some(({ bytes }) => bytes[23] === 1 && bytes[34] === 8)).toBe(true)
    walk.type('pc', 'Add-VMNetworkAdapterAcl ubuntu2 -RemoteIPAddress ANY -Direction Both -Action Deny')
    expect(walk.type('pc', line)).toContain('Failed to test the virtual network adapter.')
  })
})

describe('New-VHD', () => {
  it('makes a dynamic disk without another word', () => {
    const { type } = firstLab()
    expect(type('pc', 'New-VHD C:\\VMs\\a.vhdx -SizeBytes 10GB | % VhdType')).toBe('Dynamic\n')
  })
})
