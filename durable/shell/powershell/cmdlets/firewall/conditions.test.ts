// Conditions of firewall rules beyond ports and addresses, and what they do to packets. Stored and put back after every line.
import { expect, test } from 'vitest'
import { begin } from '../../../../../test/engine/stored-lab.ts'

/** Something from a guest that a rule of its computer decides about. */
const BLOCK = 'New-NetFirewallRule -Name t -DisplayName t -Direction Outbound -Action Block'
const reaches = (type: (console: string, line: string) => string): boolean =>
  type('pc', 'ping -n 1 192.0.2.80').includes('Received = 1')

test('a dynamic keyword stands for the addresses that it has at the moment', () => {
  const type = begin()
  const id = '{11111111-1111-4111-8111-111111111111}'
  type('pc', `New-NetFirewallDynamicKeywordAddress -Id '${id}' -Keyword web -Addresses 192.0.2.80`)
  expect(reaches(type)).toBe(true)
  type('pc', `${BLOCK} -RemoteDynamicKeywordAddresses '${id}'`)
  expect(reaches(type)).toBe(false)
  expect(type('pc', '(Get-NetFirewallRule t).RemoteDynamicKeywordAddresses')).toBe(`${id}\n`)
  type('pc', `Update-NetFirewallDynamicKeywordAddress -Id '${id}' -Addresses 192.0.2.99`)
  expect(reaches(type)).toBe(true)
  type('pc', `Update-NetFirewallDynamicKeywordAddress -Id '${id}' -Addresses 192.0.2.80 -Append $true`)
  expect(reaches(type)).toBe(false)
  type('pc', `Remove-NetFirewallDynamicKeywordAddress -Id '${id}'`)
  expect(reaches(type)).toBe(true)
})

test('a rule for packages, for IPsec or for another Windows is about no packet', () => {
  const type = begin()
  for (const condition of ["-Package 'S-1-15-2-1'", "-Platform '6.1'"]) {
    type('pc', `${BLOCK} ${condition}`)
    expect(reaches(type)).toBe(true)
    type('pc', 'Remove-NetFirewallRule t')
  }
  type('pc', `${BLOCK} -Platform '6.1+', '5.0'`)
  expect(reaches(type)).toBe(false)
  type('pc', 'Remove-NetFirewallRule t')
  type('pc', 'Set-NetFirewallProfile -All -DefaultOutboundAction Block')
  expect(reaches(type)).toBe(false)
  const allow = 'New-NetFirewallRule -Name t -DisplayName t -Direction Outbound -Action Allow'
  expect(type('pc', `${allow} -Authentication Required`)).toContain('WARNING: IPsec: nobody is authenticated here')
  expect(reaches(type)).toBe(false)
  type('pc', 'Get-NetFirewallRule t | Get-NetFirewallSecurityFilter | Set-NetFirewallSecurityFilter -Authentication NotRequired')
  expect(reaches(type)).toBe(true)
  expect(type('pc', 'New-NetFirewallRule -DisplayName u -Direction Inbound -Action Block -Authentication Required')).toContain(
    'The parameter is incorrect.',
  )
})

test('settings that no frame heeds say so', () => {
  const type = begin()
  expect(type('pc', 'Set-NetFirewallSetting -EnableStatefulFtp False')).toBe(
    'WARNING: Kept and shown, but without effect on any frame here: EnableStatefulFtp.\n',
  )
  expect(
    type('pc', '(Get-NetFirewallSetting).EnableStatefulFtp; (Get-NetFirewallSetting -PolicyStore localhost).EnableStatefulFtp'),
  ).toBe('False\nNotConfigured\n')
  expect(
    type('pc', 'New-NetFirewallHyperVRule -DisplayName x -Name x -Direction Inbound -Protocol TCP -LocalPorts 80 | Out-Null'),
  ).toContain('WARNING: Hyper-V firewall: it is kept and listed, but here no frame is dropped by it.')
  expect(type('pc', '(Get-NetFirewallHyperVRule -DisplayName x).LocalPorts')).toBe('80\n')
})

test('the log of the firewall has one place, which is said', () => {
  const type = begin()
  const set = 'Set-NetFirewallProfile -Name Public -LogBlocked True'
  const usual = 'LogFiles\\Firewall\\pfirewall.log'
  expect(type('pc', `${set} -LogMaxSizeKilobytes 8192 -LogFileName '%windir%\\System32\\${usual}'`)).toBe('')
  expect(type('pc', `${set} -LogMaxSizeKilobytes 1 -LogFileName C:\\a.log`).replace(/\s+/g, ' ')).toBe(
    `WARNING: Kept and shown, but the log of this firewall holds the last 200 packets in %systemroot%\\system32\\${usual}: LogFileName, LogMaxSizeKilobytes. `,
  )
  expect(type('pc', '(Get-NetFirewallProfile Public).LogFileName')).toBe('C:\\a.log\n')
})

test('the setting of containers stands there, is set with a word, and holds by what is usual', () => {
  const type = begin()
  const wsl = "'{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}'"
  const shown = `Get-NetFirewallHyperVVMSetting -Name ${wsl}`
  const inbound = `(${shown}).DefaultInboundAction; (${shown} -PolicyStore ActiveStore).DefaultInboundAction`
  expect(type('pc', inbound)).toBe('NotConfigured\nBlock\n')
  expect(type('pc', `Set-NetFirewallHyperVVMSetting -Name ${wsl} -DefaultInboundAction Allow`)).toContain(
    'WARNING: Hyper-V firewall',
  )
  expect(type('pc', `${inbound}; (${shown} -PolicyStore ActiveStore).Enabled`)).toBe('Allow\nAllow\nTrue\n')
  expect(type('pc', '@(Get-NetFirewallHyperVVMSetting).Count')).toBe('1\n')
})
