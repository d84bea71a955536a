// Services, processes and event logs of a whole computer: what is told agrees with what happens on the wire. The lab is stored and
// put back after every line.
import { describe, expect, test } from 'vitest'
import { begin } from '../../../test/engine/stored-lab.ts'

describe('services', () => {
  test('are listed as Windows lists them, drivers only by name', () => {
    const type = begin()
    expect(type('pc', 'Get-Service vmms, Dnscache')).toBe(
      '\nStatus   Name               DisplayName\n------   ----               -----------\nRunning  vmms               Hyper-V Virtual Machine Management\nRunning  Dnscache           DNS Client\n\n\n',
    )
    expect(type('pc', '(Get-Service).Name -contains "WinNat"')).toBe('False\n')
    expect(type('pc', '(Get-Service WinNat).Status')).toBe('Running\n')
    expect(type('pc', 'Get-Service nosuch')).toContain("Get-Service : Cannot find any service with service name 'nosuch'.")
    expect(type('win1', 'Get-Service vmms')).toContain("service name 'vmms'")
    expect(type('win1', '(Get-Service vmicheartbeat).Status')).toBe('Running\n')
    expect(type('pc', '(Get-Service vmicheartbeat).Status')).toBe('Stopped\n')
  })

  test('without vmms nothing is managed, and guests go on', () => {
    const type = begin()
    expect(type('pc', 'Stop-Service vmms; (Get-Service vmms).Status')).toBe('Stopped\n')
    const refused = type('pc', 'Get-VM')
    expect(refused).toContain(
      "Get-VM : Hyper-V encountered an error trying to access an object on computer 'LABHOST' because the object was not found. The object might have been deleted. Verify that the Virtual Machine Management service on the computer is running.",
    )
    expect(refused).toContain('+ CategoryInfo          : ObjectNotFound: (:) [Get-VM], VirtualizationException')
    expect(refused).toContain('+ FullyQualifiedErrorId : ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM')
    expect(type('ubuntu1', 'ping -c 1 www.example.com')).toContain('1 received')
    expect(type('pc', 'Start-Service vmms; (Get-VM ubuntu1).State')).toBe('Running\n')
  })

  test('vmms that does not begin starts no machine', () => {
    const type = begin()
    type('pc', 'Set-Service vmms -StartupType Disabled; Restart-Computer -Force')
    expect(type('pc', '(Get-Service vmms).Status')).toBe('Stopped\n')
    expect(type('pc', 'Start-Service vmms')).toContain(
      "Start-Service : Service 'Hyper-V Virtual Machine Management (vmms)' cannot be started due to the following error: Cannot start service vmms on computer '.'.",
    )
    expect(type('pc', 'Set-Service vmms -StartupType Automatic; Start-Service vmms; (Get-VM ubuntu1).State')).toBe('Saved\n')
  })

  test('SharedAccess gives addresses, names and the way out', () => {
    const type = begin()
    type('pc', 'Stop-Service SharedAccess')
    expect(type('pc', 'netstat -an')).not.toMatch(/UDP {4}\S+:(53|67) /)
    expect(type('ubuntu1', 'ping -c 1 -W 1 192.0.2.80')).toContain('0 received')
    expect(type('ubuntu1', 'dig +short +tries=1 +time=1 www.example.com')).not.toContain('192.0.2.')
    expect(type('win1', 'ipconfig /renew')).toContain('unable to contact your DHCP server')
    type('pc', 'Start-Service SharedAccess')
    expect(type('pc', 'netstat -an')).toMatch(/UDP {4}0\.0\.0\.0:53 /)
    expect(type('ubuntu1', 'ping -c 1 192.0.2.80')).toContain('1 received')
    expect(type('win1', 'ipconfig /renew')).toMatch(/IPv4 Address.*: (172|192)/)
  })

  test('without Dnscache nothing is remembered', () => {
    const type = begin()
    type('pc', 'ping -n 1 www.example.com')
    expect(type('pc', '(Get-DnsClientCache | ? Entry -eq www.example.com).Count -gt 0')).toBe('True\n')
    type('pc', 'Stop-Service Dnscache')
    expect(type('pc', 'ping -n 1 www.example.com; Resolve-DnsName www.example.com -CacheOnly')).toContain('does not exist')
    expect(type('pc', 'Start-Service Dnscache; Get-DnsClientCache | ? Entry -eq www.example.com')).toBe('')
  })

  test('a computer whose DNS client is switched off has no Default Switch after its next start', () => {
    const type = begin()
    type('pc', 'Set-Service Dnscache -StartupType Disabled; Restart-Computer -Force')
    expect(type('pc', 'Get-NetAdapter | % Name')).not.toContain('vEthernet (Default Switch)')
    type('pc', 'Set-Service Dnscache -StartupType Automatic; Restart-Computer -Force')
    expect(type('pc', 'Get-NetAdapter | % Name')).toContain('vEthernet (Default Switch)')
  })

  test('HNS builds its network anew when it begins again', () => {
    const type = begin()
    const before = type('pc', '(Get-HnsNetwork).Subnets.AddressPrefix')
    type('pc', 'Restart-Service hns')
    const after = type('pc', '(Get-HnsNetwork).Subnets.AddressPrefix')
    expect(after).toMatch(/^\d+\.\d+\.\d+\.0\/20\n$|\/20\n$/)
    expect(after).not.toBe(before)
    expect(type('pc', "(Get-NetFirewallRule -DisplayName 'HNS*' | % Name | sort -Unique).Count")).toBe('4\n')
  })

  test('the DHCP client has others that need it', () => {
    const type = begin()
    const refused = type('pc', 'Stop-Service Dhcp')
    expect(refused).toContain(
      "Stop-Service : Cannot stop service 'DHCP Client (Dhcp)' because it has dependent services. It can only be stopped if the Force flag is set.",
    )
    expect(refused).toContain(
      '+ CategoryInfo          : InvalidOperation: (System.ServiceProcess.ServiceController:ServiceController) [Stop-Service], ServiceCommandException',
    )
    expect(refused).toContain(
      '+ FullyQualifiedErrorId : ServiceHasDependentServices,Microsoft.PowerShell.Commands.StopServiceCommand',
    )
    expect(type('pc', 'sc.exe stop Dhcp')).toContain('[SC] ControlService FAILED 1051:')
    expect(type('win1', 'net stop dhcp')).toContain('The following services are dependent on the DHCP Client service.')
  })

  test('sc and net say the same', () => {
    const type = begin()
    expect(type('pc', 'sc.exe query vmms')).toContain('        STATE              : 4  RUNNING ')
    expect(type('pc', 'sc.exe query nosuch')).toBe(
      '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nThe specified service does not exist as an installed service.\n\n',
    )
    expect(type('pc', 'net stop winnat')).toBe('The Windows NAT Driver service was stopped successfully.\n\n')
    expect(type('pc', 'net stop winnat')).toContain('The Windows NAT Driver service is not started.')
    expect(type('pc', 'net start winnat')).toBe('The Windows NAT Driver service was started successfully.\n\n')
    expect(type('pc', 'net start winnat')).toContain('NET HELPMSG 2182.')
    expect(type('pc', 'sc.exe config hns start= disabled; sc.exe qc hns')).toContain('START_TYPE         : 4   DISABLED')
    expect(type('pc', 'net start')).toContain('   Hyper-V Virtual Machine Management\n')
    expect(type('pc', 'net stop mpssvc')).toContain('The requested pause, continue, or stop is not valid for this service.')
  })
})

describe('WinNat', () => {
  test('stopped: its flows are gone and those of the Default Switch are not', () => {
    const type = begin()
    type('pc', 'New-VMSwitch -Name NATSwitch -SwitchType Internal | Out-Null')
    type('pc', "New-NetIPAddress -InterfaceAlias 'vEthernet (NATSwitch)' -IPAddress 192.168.77.1 -PrefixLength 24 | Out-Null")
    type('pc', 'New-NetNat -Name n -InternalIPInterfaceAddressPrefix 192.168.77.0/24 | Out-Null')
    type('pc', 'Connect-VMNetworkAdapter ubuntu2 -SwitchName NATSwitch')
    type('ubuntu2', 'sudo ip addr add 192.168.77.2/24 dev eth0; sudo ip route add default via 192.168.77.1')
    expect(type('ubuntu2', 'ping -c 1 192.0.2.80')).toContain('1 received')
    expect(type('pc', '@(Get-NetNatSession).Count')).toBe('1\n')
    expect(type('ubuntu1', 'ping -c 1 192.0.2.80')).toContain('1 received')
    type('pc', 'Stop-Service WinNat')
    expect(type('pc', '@(Get-NetNatSession).Count')).toBe('0\n')
    expect(type('ubuntu2', 'ping -c 1 -W 1 192.0.2.80')).toContain('0 received')
    expect(type('ubuntu1', 'ping -c 1 192.0.2.80')).toContain('1 received')
    type('pc', 'Start-Service WinNat')
    expect(type('ubuntu2', 'ping -c 1 192.0.2.80')).toContain('1 received')
  })
})

describe('processes', () => {
  test('one worker for each virtual machine that runs; ending it switches the machine off', () => {
    const type = begin()
    expect(type('pc', '(Get-Process vmwp).Count')).toBe('3\n')
    expect(type('pc', 'Get-Process vmms')).toMatch(
      /^\nHandles {2}NPM\(K\) {4}PM\(K\) {6}WS\(K\) {5}CPU\(s\) {5}Id {2}SI ProcessName\n/,
    )
    expect(type('pc', 'tasklist /fi "imagename eq vmwp.exe" /nh').trim().split('\n')).toHaveLength(3)
    type('pc', 'Stop-VM ubuntu2 -TurnOff')
    expect(type('pc', '(Get-Process vmwp).Count')).toBe('2\n')
    expect(type('pc', 'taskkill /f /im vmwp.exe').trim().split('\n')).toHaveLength(2)
    expect(type('pc', '(Get-VM | ? State -eq Running).Count; Get-Process vmwp')).toContain(
      'Get-Process : Cannot find a process with the name "vmwp". Verify the process name and call the cmdlet again.',
    )
    expect(type('pc', '(Get-WinEvent -LogName Microsoft-Windows-Hyper-V-VMMS-Admin | ? Id -eq 14070).Count')).toBe('2\n')
    expect(type('pc', 'Stop-Process -Name csrss')).toContain('because of the following error: Access is denied')
    expect(type('pc', 'taskkill /pid 4 /f')).toContain('ERROR: The process with PID 4 could not be terminated.')
  })

  test('numbers are those that netstat tells', () => {
    const type = begin()
    const netstat = /UDP {4}0\.0\.0\.0:53 .* (\d+)\n/.exec(type('pc', 'netstat -ano'))?.[1]
    expect(type('pc', `tasklist /svc /nh /fi "pid eq ${netstat}"`)).toContain('SharedAccess')
    type('pc', 'Restart-Service SharedAccess')
    const again = /UDP {4}0\.0\.0\.0:53 .* (\d+)\n/.exec(type('pc', 'netstat -ano'))?.[1]
    expect(again).not.toBe(netstat)
    expect(type('pc', `(Get-Process -Id ${again}).Name`)).toBe('svchost\n')
    expect(type('pc', `taskkill /pid ${again} /f; (Get-Service SharedAccess).Status`)).toContain('Stopped')
  })
})

describe('event logs', () => {
  test('tell what happened, newest first', () => {
    const type = begin()
    type('pc', 'Stop-VM ubuntu1 -TurnOff; Suspend-VM ubuntu2; Stop-Service hns')
    const shown = type('pc', 'Get-WinEvent -LogName System -MaxEvents 1')
    expect(shown).toMatch(/^\n\n {3}ProviderName: Service Control Manager\n\nTimeCreated {22}Id LevelDisplayName Message\n/)
    expect(shown).toContain('7036 Information      The Host Network Service service entered the stopped state.')
    expect(type('pc', 'Get-WinEvent -LogName Microsoft-Windows-Hyper-V-Worker-Admin -MaxEvents 2 | % Id')).toBe('18516\n18502\n')
    expect(
      type('win1', "Get-WinEvent -FilterHashtable @{LogName='Microsoft-Windows-Dhcp-Client/Operational'; Id=50028} | % Message"),
    ).toMatch(/^Address (172|192)[\d.]+ is plumbed to the adapter Ethernet/)
    expect(type('pc', 'Get-WinEvent -LogName nosuch')).toContain(
      'Get-WinEvent : There is not an event log on the localhost computer that matches "nosuch".',
    )
    expect(type('pc', "Get-WinEvent -FilterHashtable @{LogName='System';Id=1}")).toContain(
      'No events were found that match the specified selection criteria.',
    )
    expect(type('pc', 'Get-WinEvent -ListLog *Hyper-V* | % LogName')).toContain('Microsoft-Windows-Hyper-V-VMMS-Admin\n')
    expect(type('win1', 'Get-WinEvent -ListLog *VMMS*')).toBe('')
  })

  test('a link that goes and an address that somebody else has', () => {
    const type = begin()
    type('pc', 'Stop-VM ubuntu1 -TurnOff')
    type('pc', "Disconnect-VMNetworkAdapter win1; Connect-VMNetworkAdapter win1 -SwitchName 'Default Switch'")
    expect(type('win1', 'Get-WinEvent -LogName System | ? Id -in 27,32 | % Id')).toMatch(/^32\n27\n/)
    const address = type(
      'pc',
      "(Get-NetIPAddress -InterfaceAlias 'vEthernet (Default Switch)' -AddressFamily IPv4).IPAddress",
    ).trim()
    type('win1', `New-NetIPAddress -InterfaceAlias Ethernet -IPAddress ${address} -PrefixLength 20 | Out-Null`)
    expect(type('win1', 'Get-WinEvent -LogName System | ? Id -eq 4199 | % Message')).toContain(
      `The system detected an address conflict for IP address ${address} with the system having network hardware address 00-15-5D-`,
    )
  })

  test('are a ring', () => {
    const type = begin()
    type('pc', '1..80 | % { Restart-Service SharedAccess }')
    type('pc', '1..80 | % { Restart-Service SharedAccess }')
    expect(type('pc', '@(Get-WinEvent -LogName System).Count -le 300')).toBe('True\n')
    expect(type('pc', '(Get-WinEvent -LogName System -MaxEvents 1).RecordId -gt 320')).toBe('True\n')
    expect(type('pc', 'Clear-EventLog System; Get-WinEvent -LogName System')).toContain('No events were found')
  })
})

describe('CIM', () => {
  test('tells of the system and of Hyper-V, and asks for what it filters', () => {
    const type = begin()
    expect(type('pc', '(Get-CimInstance -Namespace root\\virtualization\\v2 Msvm_ComputerSystem).ElementName')).toBe(
      'LABHOST\nubuntu1\nubuntu2\nwin1\n',
    )
    const vmwp = type('pc', '(Get-CimInstance Win32_Process -Filter "Name = \'vmwp.exe\'").ProcessId')
    const told = type(
      'pc',
      "(Get-CimInstance -Namespace root/virtualization/v2 -Query 'SELECT * FROM Msvm_ComputerSystem WHERE ProcessID > 0').ProcessID",
    )
    expect(told.trim().split('\n').sort()).toEqual(vmwp.trim().split('\n').sort())
    expect(type('pc', "(Get-CimInstance Win32_Service -Filter \"Name LIKE 'hn%' OR Name = 'vmms'\").Name")).toBe('hns\nvmms\n')
    expect(type('pc', 'Get-CimInstance nosuch')).toContain('HRESULT 0x80041010,')
    expect(type('pc', "Get-CimInstance Win32_Service -Filter 'Name='")).toContain('Get-CimInstance : Invalid query ')
    type(
      'pc',
      'Get-CimInstance -Namespace root/virtualization/v2 Msvm_ComputerSystem -Filter "ElementName=\'win1\'" | Invoke-CimMethod -MethodName RequestStateChange -Arguments @{RequestedState=3}',
    )
    expect(type('pc', '(Get-VM win1).State')).toBe('Off\n')
  })
})
