// What IPv6 of an interface learns from routers and by DHCPv6, switched off and on again. Stored and put back after every line.
import { expect, test } from 'vitest'
import { begin } from '../../../../test/engine/stored-lab.ts'

const SHOWN = '(Get-NetIPInterface Ethernet -AddressFamily IPv6).RouterDiscovery'
const LEARNED = '@(Get-NetIPAddress -InterfaceAlias Ethernet -PrefixOrigin RouterAdvertisement -EA 0).Count'

test('router discovery off: what routers said is forgotten and not heard again', () => {
  const type = begin()
  expect(type('pc', `${SHOWN}; ${LEARNED}`)).toBe('Enabled\n2\n')
  expect(type('pc', 'Set-NetIPInterface Ethernet -RouterDiscovery Disabled')).toBe('')
  const left = `${SHOWN}; ${LEARNED}; @(Get-NetRoute ::/0 -EA 0).Count`
  expect(type('pc', `${left}; Start-Sleep 700; ${left}`)).toBe('Disabled\n0\n0\nDisabled\n0\n0\n')
  expect(type('pc', `Set-NetIPInterface Ethernet -RouterDiscovery Enabled; Start-Sleep 10; ${left}`)).toBe('Enabled\n2\n1\n')
})

test('what is about one family alone acts on it or says that it does not', () => {
  const type = begin()
  const dhcp = 'Get-NetIPInterface Ethernet | Sort-Object AddressFamily | ForEach-Object { "$($_.AddressFamily) $($_.Dhcp)" }'
  const before = type('pc', dhcp)
  expect(before).toContain('IPv6 Enabled')
  type('pc', 'Set-NetIPInterface Ethernet -AddressFamily IPv6 -Dhcp Disabled')
  expect(type('pc', dhcp)).toBe(before.replace('IPv6 Enabled', 'IPv6 Disabled'))
  for (const line of ['IPv6 -NlMtuBytes 1300', 'IPv4 -RouterDiscovery Disabled'])
    expect(type('pc', `Set-NetIPInterface Ethernet -AddressFamily ${line}`)).toContain('not simulated here')
})
