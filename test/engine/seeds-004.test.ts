// Hyper-V's architecture (docs/seed-coverage.md, 1.5), where no other test shows it.
import { describe, expect, it } from 'vitest'
import { SeedLab } from './seed-lab.ts'

describe('partitions', () => {
  it('the installed Windows manages, and has the hardware; guests have neither', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', '(Get-VM).Count')).toBe('3\n')
    expect(lab.type('pc', '(Get-Service vmms).Status')).toBe('Running\n')
    expect(lab.type('win1', 'Get-VM')).toContain("The term 'Get-VM' is not recognized")
    expect(lab.type('win1', 'Get-Service vmms')).toContain('Cannot find any service')
    expect(lab.type('pc', 'Get-NetAdapter | % InterfaceDescription')).toContain('Intel(R) Wi-Fi')
    expect(lab.type('win1', 'Get-NetAdapter | % InterfaceDescription')).toBe('Microsoft Hyper-V Network Adapter\n')
  })

  it('guests end when the installed Windows does', () => {
    const lab = new SeedLab()
    expect(lab.reaches('desk', '192.168.3.1')).toBe(true)
    lab.walk.step({ kind: 'power-off', line: 0, machine: 'pc' })
    expect(lab.type('ubuntu1', 'hostname')).toContain('ubuntu1 is saved.')
    expect(lab.type('ubuntu2', 'hostname')).toContain('ubuntu2 is switched off.')
    expect(lab.reaches('desk', '192.168.3.1')).toBe(true)
  })
})

describe('the virtual switch', () => {
  it('is a driver of the kernel of the installed Windows', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'sc.exe query vmswitch')).toMatch(/TYPE +: 1 {2}KERNEL_DRIVER[\s\S]*STATE +: 4 {2}RUNNING/)
    expect(lab.type('pc', 'sc.exe qc vmsmp')).toContain('drivers\\vmswitch.sys')
    expect(lab.type('win1', 'sc.exe query vmswitch')).toContain('FAILED 1060')
  })

  it('tells that there is no SR-IOV', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'Get-VMSwitch | % { "$($_.IovSupport) $($_.IovEnabled)" }')).toBe('False False\n')
  })
})

describe('VMBus', () => {
  it('has an end on each side: a driver of the computer, and drivers and services of guests', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', '(Get-Service vmbus).Status')).toBe('Running\n')
    expect(lab.type('ubuntu1', 'ethtool -i eth0')).toContain('bus-info: vmbus')
    expect(lab.type('win1', '(Get-Service vmicheartbeat).Status')).toBe('Running\n')
    expect(lab.type('pc', 'Get-VMIntegrationService win1 -Name Heartbeat | % PrimaryStatusDescription')).toBe('OK\n')
    lab.type('pc', 'Stop-VM win1 -TurnOff')
    expect(lab.type('pc', 'Get-VMIntegrationService win1 -Name Heartbeat | % { "[$($_.PrimaryStatusDescription)]" }')).toBe(
      '[]\n',
    )
  })
})

describe('the components of a guest', () => {
  it('are those of the host already, and an update says so', () => {
    const lab = new SeedLab()
    expect(lab.type('ubuntu1', 'ethtool -i eth0')).toContain('driver: hv_netvsc')
    expect(lab.type('pc', 'Get-VMIntegrationService ubuntu1 | ? Enabled | % PrimaryStatusDescription | sort -Unique')).toBe(
      'OK\n',
    )
    expect(lab.type('pc', 'Update-VMVersion ubuntu1')).toContain('is already at the latest version.')
  })
})

describe('what goes wrong', () => {
  it('is said at once, and stands in the event logs', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'Start-VM nosuch')).toContain('Hyper-V was unable to find a virtual machine with name "nosuch".')
    lab.type('pc', 'taskkill /f /im vmwp.exe')
    expect(
      lab.type(
        'pc',
        'Get-WinEvent -FilterHashtable @{LogName="Microsoft-Windows-Hyper-V-VMMS-Admin"; Id=14070} -MaxEvents 3 | % Id',
      ),
    ).toBe('14070\n14070\n14070\n')
  })
})
