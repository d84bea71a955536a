// The registry and the files of a whole computer; values that act do so on the wire. Stored and put back after every line.
import { describe, expect, test } from 'vitest'
import { begin } from '../../../test/engine/stored-lab.ts'

const SERVICES = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services'

describe('the registry', () => {
  test('is a drive', () => {
    const type = begin()
    expect(type('pc', `cd ${SERVICES}\\Tcpip; (Get-Location).Path; (gci).PSChildName`)).toBe(`${SERVICES}\\Tcpip\nParameters\n`)
    expect(type('pc', '(Get-ItemProperty Parameters).Hostname')).toBe('LABHOST\n')
    expect(
      type('pc', 'Test-Path HKLM:\\SOFTWARE\\Nothing; Test-Path HKLM:\\SOFTWARE; Test-Path Registry::HKEY_LOCAL_MACHINE\\SYSTEM'),
    ).toBe('False\nTrue\nTrue\n')
    expect(type('pc', 'Get-ItemProperty Parameters -Name Nothing')).toContain(
      'Property Nothing does not exist at path HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters.',
    )
    expect(type('pc', 'cd XYZ:')).toContain("Cannot find drive. A drive with the name 'XYZ' does not exist.")
  })

  test('takes keys and values and gives them up', () => {
    const type = begin()
    type(
      'pc',
      'New-Item HKCU:\\Software\\Lab | Out-Null; New-ItemProperty HKCU:\\Software\\Lab -Name n -PropertyType DWord -Value 7 | Out-Null',
    )
    expect(type('pc', 'Set-ItemProperty HKCU:\\Software\\Lab n 9; (gp HKCU:\\Software\\Lab).n')).toBe('9\n')
    expect(type('pc', 'reg query HKCU\\Software\\Lab /v n')).toBe(
      '\nHKEY_CURRENT_USER\\Software\\Lab\n    n    REG_DWORD    0x9\n\n',
    )
    expect(type('pc', 'New-Item HKCU:\\Software\\Lab')).toContain('A key in this path already exists.')
    expect(type('pc', 'Remove-ItemProperty HKCU:\\Software\\Lab n; reg query HKCU\\Software\\Lab /v n')).toContain(
      'ERROR: The system was unable to find the specified registry key or value.',
    )
    expect(type('pc', 'reg add HKCU\\Software\\Lab /v m /t REG_MULTI_SZ /d a\\0b /f; (gp HKCU:\\Software\\Lab).m')).toBe(
      'The operation completed successfully.\na\nb\n',
    )
    expect(type('pc', 'Remove-Item HKCU:\\Software\\Lab -Recurse; Test-Path HKCU:\\Software\\Lab')).toBe('False\n')
    expect(type('pc', 'reg delete HKLM\\SYSTEM /f')).toContain('ERROR: Access is denied.')
  })

  test('says what DHCP gave', () => {
    const type = begin()
    const address = type('win1', '(Get-NetIPAddress -InterfaceAlias Ethernet -AddressFamily IPv4).IPAddress').trim()
    const said = type('win1', `gci ${SERVICES}\\Tcpip\\Parameters\\Interfaces | gp | % DhcpIPAddress`)
    expect(said).toBe(`${address}\n`)
  })
})

describe('values that act', () => {
  test('the entry of the Default Switch: without it the next start makes none', () => {
    const type = begin()
    expect(type('pc', '(Get-VMSwitch).Name')).toBe('Default Switch\n')
    type('pc', `Remove-Item ${SERVICES}\\VMSMP\\Parameters\\SwitchList\\C08CB7B8-9B3C-408E-8E30-5E16A3AEB444`)
    expect(type('pc', '(Get-VMSwitch).Name')).toBe('Default Switch\n')
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', 'Get-VMSwitch')).toBe('')
    expect(type('pc', 'Get-HnsNetwork')).toBe('')
    expect(type('win1', 'ipconfig /renew')).toContain('unable to contact your DHCP server')
  })

  test('Start of a service', () => {
    const type = begin()
    type('pc', `Set-ItemProperty ${SERVICES}\\WinNat Start 4`)
    expect(type('pc', '(Get-Service WinNat).StartType')).toBe('Disabled\n')
    type('pc', 'sc.exe config WinNat start= demand')
    expect(type('pc', `(gp ${SERVICES}\\WinNat).Start`)).toBe('3\n')
  })

  test('IPEnableRouter makes a router of the next start', () => {
    const type = begin()
    type('win1', 'reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters /v IPEnableRouter /t REG_DWORD /d 1 /f')
    expect(type('win1', '(Get-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4).Forwarding')).toBe('Disabled\n')
    type('win1', 'Restart-Computer -Force')
    expect(type('win1', '(Get-NetIPInterface -InterfaceAlias Ethernet -AddressFamily IPv4).Forwarding')).toBe('Enabled\n')
  })

  test('DisabledComponents takes IPv6 away', () => {
    const type = begin()
    expect(type('win1', 'ipconfig')).toContain('Link-local IPv6 Address')
    type('win1', `Set-ItemProperty ${SERVICES}\\Tcpip6\\Parameters DisabledComponents 0xff; Restart-Computer -Force`)
    expect(type('win1', 'ipconfig')).not.toContain('Link-local IPv6 Address')
  })

  test('LLMNR and multicast DNS are switched off', () => {
    const type = begin()
    expect(type('win1', 'ping -n 1 ubuntu1.local')).toContain('Reply from')
    type('win1', `Set-ItemProperty ${SERVICES}\\Dnscache\\Parameters EnableMDNS 0; Clear-DnsClientCache`)
    expect(type('win1', 'ping -n 1 ubuntu1.local')).toContain('could not find host ubuntu1.local')
  })

  test('a policy that keeps local rules from counting', () => {
    const type = begin()
    type('pc', "New-Item 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\PublicProfile' -Force | Out-Null")
    type('pc', "Set-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\PublicProfile' AllowLocalPolicyMerge 0")
    expect(type('win1', 'ipconfig /release | Out-Null; ipconfig /renew')).toContain('unable to contact your DHCP server')
    type('pc', "Remove-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\PublicProfile' AllowLocalPolicyMerge")
    expect(type('win1', 'ipconfig /renew')).toMatch(/IPv4 Address.*: (172|192)/)
  })

  test('the pool of addresses of virtual adapters', () => {
    const type = begin()
    const key = "'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization'"
    type('pc', `Set-ItemProperty ${key} MinimumMacAddress (0,21,93,170,187,0) -Type Binary`)
    expect(type('pc', '(Get-VMHost).MacAddressMinimum')).toBe('00155DAABB00\n')
  })
})

describe('files', () => {
  test('are made, listed, copied, moved and removed', () => {
    const type = begin()
    type('pc', 'cd C:\\; New-Item lab -ItemType Directory | Out-Null; "one" | Set-Content lab\\a.txt; copy lab\\a.txt lab\\b.txt')
    expect(type('pc', 'dir lab -Name')).toBe('a.txt\nb.txt\n')
    expect(type('pc', 'dir C:\\ -Directory -Name')).toContain('lab\n')
    expect(type('pc', 'dir lab')).toMatch(/^\n\n {4}Directory: C:\\lab\n\n\nMode +LastWriteTime +Length Name\n/)
    expect(type('pc', 'move lab\\b.txt C:\\c.txt; ren C:\\c.txt d.txt; type C:\\d.txt; Test-Path lab\\b.txt')).toBe(
      'one\nFalse\n',
    )
    expect(type('pc', 'New-Item lab -ItemType Directory')).toContain('An item with the specified name C:\\lab already exists.')
    expect(type('pc', 'Copy-Item lab copy -Recurse; Get-ChildItem C:\\ -Recurse -Filter *.txt | % FullName')).toContain(
      'C:\\copy\\a.txt\n',
    )
    expect(type('pc', 'del lab -Recurse; Test-Path C:\\lab')).toBe('False\n')
    expect(type('pc', 'del C:\\nosuch')).toContain("Remove-Item : Cannot find path 'C:\\nosuch' because it does not exist.")
  })

  test('hosts acts on names', () => {
    const type = begin()
    type('pc', "Add-Content C:\\Windows\\System32\\drivers\\etc\\hosts '192.0.2.80 mine.test'")
    expect(type('pc', 'ping -n 1 mine.test')).toContain('Pinging mine.test [192.0.2.80]')
  })
})

describe('where a console is', () => {
  test('is remembered on a stack, which is part of the lab', () => {
    const type = begin()
    expect(type('pc', 'Push-Location C:\\Windows; pushd HKLM:\\SOFTWARE; (pwd).Path')).toBe('HKLM:\\SOFTWARE\n')
    expect(type('pc', '(Get-Location -Stack).Path')).toBe('C:\\Windows\nC:\\Users\\Student\n')
    expect(type('pc', 'popd; (pwd).Path; (Pop-Location -PassThru).Path; popd; (pwd).Path')).toBe(
      'C:\\Windows\nC:\\Users\\Student\nC:\\Users\\Student\n',
    )
    expect(type('pc', 'pushd C:\\Nowhere')).toContain("Cannot find path 'C:\\Nowhere' because it does not exist.")
    expect(type('pc', 'Get-Location -Stack')).toBe('')
    expect(type('pc', 'cd C:\\; cd ~; (pwd).Path')).toBe('C:\\Users\\Student\n')
  })

  test('gives paths their whole names', () => {
    const type = begin()
    type('pc', "'a' > one.txt; 'b' > two.txt")
    expect(type('pc', '(Resolve-Path *.txt).Path')).toBe('C:\\Users\\Student\\one.txt\nC:\\Users\\Student\\two.txt\n')
    expect(type('pc', 'Resolve-Path one.txt -Relative')).toBe('.\\one.txt\n')
    expect(type('pc', 'Clear-Content one.txt; (gc one.txt).Count; Test-Path one.txt; Clear-Content three.txt')).toMatch(
      /^0\nTrue\nClear-Content : Cannot find path/,
    )
  })
})

describe('the execution policy', () => {
  test('is kept where its scope says, and the nearest one holds', () => {
    const type = begin()
    expect(type('pc', 'Get-ExecutionPolicy')).toBe('RemoteSigned\n')
    type('pc', 'Set-ExecutionPolicy Restricted -Force')
    expect(type('pc:2', 'Get-ExecutionPolicy; Get-ExecutionPolicy -Scope LocalMachine')).toBe('Restricted\nRestricted\n')
    type('pc', "Set-Content a.ps1 '1'; Set-ExecutionPolicy Bypass -Scope Process -Force")
    expect(type('pc', '.\\a.ps1')).toBe('1\n')
    expect(type('pc:2', '.\\a.ps1')).toContain('a.ps1 cannot be loaded because running scripts is disabled on this system.')
    type('pc:2', 'Set-ExecutionPolicy Unrestricted -Scope CurrentUser -Force')
    expect(type('pc:2', 'Get-ExecutionPolicy')).toBe('Unrestricted\n')
    type('pc:2', 'Set-ExecutionPolicy Undefined -Scope CurrentUser -Force; Set-ExecutionPolicy Undefined -Force')
    expect(type('pc:3', 'Get-ExecutionPolicy')).toBe('RemoteSigned\n')
    expect(type('pc', 'Set-ExecutionPolicy Bypass -Scope UserPolicy')).toContain('must be set through Group Policy.')
    expect(type('pc:2', 'Set-ExecutionPolicy Bypass')).toContain('Do you want to change the execution policy?')
  })
})
