import { expect, test } from 'vitest'
import { fakeKernel } from '../windows/fake-kernel.ts'
import { powershell } from './index.ts'

const complete = (line: string) => powershell.complete(line, { kernel: fakeKernel(), memory: { variables: [['answer', 42]] } })

test.each([
  ['Get-VMSw', 0, ['Get-VMSwitch', 'Get-VMSwitchExtension', 'Get-VMSwitchTeam']],
  ['ipc', 0, ['ipconfig']],
  ['Get-VM | Out-N', 9, ['Out-Null']],
  ['Get-VMSwitch -Na', 13, ['-Name']],
  ['Get-VMSwitch D', 13, ["'Default Switch'"]],
  ['Get-VMSwitch "D', 13, ['"Default Switch"']],
  ['Get-VM v', 7, ['vm1']],
  ['Connect-VMNetworkAdapter -VMName vm1 -SwitchName ', 49, ["'Default Switch'"]],
  ['Get-NetAdapter ', 15, ['Ethernet', "'vEthernet (Default Switch)'"]],
  ['Get-NetIPAddress -InterfaceAlias v', 33, ["'vEthernet (Default Switch)'"]],
  ['Get-NetIPAddress -AddressFamily ', 32, ['IPv4', 'IPv6']],
  ['rasdial ', 8, ["'Campus VPN'"]],
  ['Get-VM -ErrorAction Si', 20, ['SilentlyContinue']],
  ['Get-VMNetworkAdapterVlan -VMNetworkAdapterName N', 47, ["'Network Adapter'"]],
  ['Get-Content C:\\Windows\\System32\\drivers\\etc\\ho', 12, ['C:\\Windows\\System32\\drivers\\etc\\hosts.ics']],
  ['$Conf', 0, ['$ConfirmPreference']],
  ['$ans', 0, ['$answer']],
])('%s', (line, from, candidates) => {
  expect(complete(line)).toEqual({ from, candidates })
})

test('the prompt follows the location', () => {
  expect(powershell.prompt({ kernel: fakeKernel(), memory: {} })).toBe('PS C:\\Users\\Student> ')
  expect(powershell.prompt({ kernel: fakeKernel(), memory: { cwd: 'C:\\' } })).toBe('PS C:\\> ')
})
