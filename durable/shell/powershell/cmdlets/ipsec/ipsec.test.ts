// IPsec policy on a whole computer, stored and put back after every line: objects, what they refer to, and that no packet changes.
import { describe, expect, test } from 'vitest'
import { begin } from '../../../../../test/engine/stored-lab.ts'

const SET =
  "$p = New-NetIPsecAuthProposal -Machine -Kerberos; $s = New-NetIPsecPhase1AuthSet -DisplayName 'Kerberos' -Proposal $p"
const RULE =
  "New-NetIPsecRule -IPsecRuleName iso -DisplayName 'Isolation' -InboundSecurity Require -OutboundSecurity Require -Phase1AuthSet $s.Name -RemoteAddress 192.0.2.0/24"

describe('rules and sets', () => {
  test('are kept, listed, referred to and found by what they are about', () => {
    const type = begin()
    type('pc', SET)
    expect(type('pc', RULE)).toContain(
      'WARNING: IPsec: the rule is kept and listed, but here no frame is authenticated, encrypted or dropped by it.\n',
    )
    expect(type('pc', '(Get-NetIPsecRule iso).InboundSecurity')).toBe('Require\n')
    expect(type('pc', '(Get-NetIPsecRule -DisplayName Iso* | Get-NetIPsecPhase1AuthSet).DisplayName')).toBe('Kerberos\n')
    expect(type('pc', '(Get-NetIPsecPhase1AuthSet | Get-NetIPsecRule).IPsecRuleName')).toBe('iso\n')
    expect(type('pc', '(Get-NetIPsecPhase1AuthSet).Proposal.Kerberos')).toBe('True\n')
    expect(type('pc', '(Find-NetIPsecRule -RemoteAddress 192.0.2.80).IPsecRuleName')).toBe('iso\n')
    expect(type('pc', 'Find-NetIPsecRule -RemoteAddress 198.51.100.1')).toBe('')
    expect(type('pc', 'Get-NetIPsecRule -InboundSecurity Request')).toBe('')
    expect(type('pc', '(Get-NetIPsecRule | Get-NetFirewallAddressFilter).RemoteAddress')).toBe('192.0.2.0/255.255.255.0\n')
  })

  test('change no packet', () => {
    const type = begin()
    type('pc', `${SET}; ${RULE} | Out-Null`)
    expect(type('pc', 'ping -n 1 192.0.2.80')).toContain('Received = 1')
    expect(type('pc', 'Get-NetIPsecMainModeSA; Get-NetIPsecQuickModeSA')).toBe('')
  })

  test('are changed, renamed, copied, disabled and deleted', () => {
    const type = begin()
    type('pc', `${SET}; ${RULE} | Out-Null`)
    type('pc', 'Get-NetIPsecRule | Get-NetFirewallAddressFilter | Set-NetFirewallAddressFilter -RemoteAddress 10.0.0.0/8')
    expect(type('pc', '(Find-NetIPsecRule -RemoteAddress 10.1.1.1).DisplayName')).toBe('Isolation\n')
    expect(type('pc', "(Set-NetIPsecRule iso -InboundSecurity None -NewDisplayName 'Open' -PassThru).DisplayName")).toBe('Open\n')
    expect(
      type('pc', 'Copy-NetIPsecRule iso -NewName two; Rename-NetIPsecRule two -NewName three; (Get-NetIPsecRule).IPsecRuleName'),
    ).toBe('iso\nthree\n')
    expect(type('pc', 'Copy-NetIPsecRule iso -NewName three')).toContain('Windows System Error 183,Copy-NetIPsecRule')
    expect(type('pc', 'Disable-NetIPsecRule three; (Get-NetIPsecRule -Enabled False).IPsecRuleName')).toBe('three\n')
    expect(
      type(
        'pc',
        'Update-NetIPsecRule -IPsecRuleName iso -Action Add -EndpointType Endpoint2 -IPv4Addresses 198.51.100.7; (Find-NetIPsecRule -RemoteAddress 198.51.100.7).IPsecRuleName',
      ),
    ).toBe('iso\n')
    expect(type('pc', 'Remove-NetIPsecPhase1AuthSet; (Get-NetIPsecRule iso).PrimaryStatus')).toBe('Error\n')
    expect(type('pc', 'Remove-NetIPsecRule; @(Get-NetIPsecRule).Count')).toBe('0\n')
  })

  test('of the active store are gone when the computer restarts', () => {
    const type = begin()
    type(
      'pc',
      'New-NetIPsecMainModeRule -DisplayName a -Name a; New-NetIPsecMainModeRule -DisplayName b -Name b -PolicyStore ActiveStore',
    )
    expect(type('pc', '(Get-NetIPsecMainModeRule).Name; (Get-NetIPsecMainModeRule -PolicyStore ActiveStore).Name')).toBe(
      'a\na\nb\n',
    )
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', '(Get-NetIPsecMainModeRule -PolicyStore ActiveStore).Name')).toBe('a\n')
  })
})

test('what is wrong is told, and stores of a domain decline', () => {
  const type = begin()
  expect(type('pc', 'New-NetIPsecRule -DisplayName x -RemoteAddress 300.1.1.1')).toContain('The address is invalid.')
  expect(type('pc', 'New-NetIPsecRule -DisplayName x -Mode Tunnel')).toContain('A rule of tunnel mode needs a tunnel endpoint.')
  expect(
    type('pc', '$p = New-NetIPsecAuthProposal -Anonymous; New-NetIPsecMainModeCryptoSet -DisplayName x -Proposal $p'),
  ).toContain('The parameter is incorrect.')
  expect(type('pc', 'Get-NetIPsecRule nobody')).toContain(
    "No MSFT_NetConSecRule objects found with property 'IPsecRuleName' equal to 'nobody'.",
  )
  expect(type('pc', 'New-NetIPsecRule -DisplayName x -PolicyStore corp.example\\Policy')).toBe(
    '-PolicyStore corp.example\\Policy: policy stores of a domain or of another computer are real, but they are not simulated here yet.\n',
  )
  expect(type('pc', 'Get-NetFirewallRule -PolicyStore corp.example\\Policy')).toContain('not simulated here yet.\n')
  expect(type('pc', 'Get-NetIPsecRule -CimSession OTHER')).toContain(
    'sessions to other computers are real, but they are not simulated',
  )
  expect(type('pc', '@(Get-NetAdapter -CimSession (New-CimSession) -ThrottleLimit 1).Count')).toMatch(/^[1-9]/)
  expect(type('pc', 'Get-Help New-NetIPsecRule')).toContain('Kept, listed and referred to;')
})

test('a default set is what rules without one mean', () => {
  const type = begin()
  type('pc', 'New-NetIPsecRule -DisplayName x -IPsecRuleName x')
  expect(type('pc', 'Get-NetIPsecRule x | Get-NetIPsecQuickModeCryptoSet')).toBe('')
  const made = type(
    'pc',
    '$q = New-NetIPsecQuickModeCryptoProposal -Encapsulation ESP,AH -ESPHash SHA1 -Encryption AES128; (New-NetIPsecQuickModeCryptoSet -Default -DisplayName d -Proposal $q -PerfectForwardSecrecyGroup DH14).Name',
  )
  expect(made).toBe('{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}\n')
  expect(
    type(
      'pc',
      'Get-NetIPsecRule x | Get-NetIPsecQuickModeCryptoSet | % { $_.PerfectForwardSecrecyGroup; $_.Proposal.Encapsulation }',
    ),
  ).toBe('DH14\nESP, AH\n')
})
