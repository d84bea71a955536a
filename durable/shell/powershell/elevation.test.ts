// A console without the rights of an administrator gets the real refusals, and nothing changes.
import { expect, test } from 'vitest'
import { begin } from '../../../test/engine/stored-lab.ts'

test('what changes the computer is refused, what only looks is not', () => {
  const typed = begin()
  const type = (line: string, console = 'pc'): string => typed(console, line)
  type('runas /trustlevel:0x20000 powershell')
  const refused = type('Get-VM')
  expect(refused).toContain(
    "Get-VM : You do not have the required permission to complete this task. Contact the administrator of the authorization policy for the computer 'LABHOST'.",
  )
  expect(refused).toContain('PermissionDenied: (:) [Get-VM], VirtualizationException')
  expect(type('New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 10.1.1.1 -PrefixLength 24')).toContain(
    'New-NetIPAddress : Access is denied.',
  )
  expect(type('New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 10.1.1.1 -PrefixLength 24')).toContain(
    'Windows System Error 5,',
  )
  expect(type('ipconfig /renew')).toBe('The requested operation requires elevation.\n')
  expect(type('arp -s 192.168.3.9 00-11-22-33-44-55')).toBe('The ARP entry addition failed: Access is denied.\n')
  expect(type('netstat -anb')).toBe('The requested operation requires elevation.\n')
  expect(type('netsh interface portproxy add v4tov4 listenport=1 connectport=2 connectaddress=10.0.0.1')).toBe(
    'The requested operation requires elevation (Run as administrator).\n',
  )
  expect(type('Stop-Service vmms')).toContain("Cannot open vmms service on computer '.'.")
  expect(type('net stop winnat')).toContain('System error 5 has occurred.')
  expect(type('Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\vmms Start 4')).toContain('unauthorized operation')
  expect(type('Add-Content C:\\Windows\\System32\\drivers\\etc\\hosts x')).toContain('is denied')
  expect(type('(Get-Service vmms).Status; (Get-NetAdapter Ethernet).Status; ping -n 1 192.0.2.80')).toMatch(
    /^Running\nUp\n[\s\S]*Reply from/,
  )
  expect(type('(Get-VM win1).State', 'pc:2')).toBe('Running\n')
  type('Start-Process powershell -Verb RunAs')
  expect(type('(Get-VM win1).State')).toBe('Running\n')
})
