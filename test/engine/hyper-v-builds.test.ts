// What goes with the Windows build, and what a Windows client refuses (fact sheet 1.3.8, 1.7, 2.8, 4.5).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'

const source = readFileSync(join(import.meta.dirname, '../../labs/default-switch/lab.yaml'), 'utf8')

function lab(build: number) {
  const parsed = parseDefinition(source.replace('hostname: LABHOST\n    build: 26100', `hostname: LABHOST\n    build: ${build}`))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed))
  const one = new Lab(parsed.definition, 1, shells)
  let line = 0
  return (console: string, text: string): string => one.exec(console, text, ++line).output
}

const PREFIX = '(Get-NetIPAddress -InterfaceAlias "vEthernet (Default Switch)" -AddressFamily IPv4).PrefixLength'

describe('the build', () => {
  it.each([
    [18_362, 28, 'E9B59CFA-2BE1-4B21-828F-B6FBDBDDC017', 'Forwarding'],
    [26_100, 20, 'F74F241B-440F-4433-BB28-00F89EAD20D8', 'Filter'],
  ])('%i draws a /%i and has its own extensions', (build, length, id, type) => {
    const enter = lab(build)
    expect(enter('pc', PREFIX)).toBe(`${length}\n`)
    expect(
      enter('pc', 'Get-VMSwitch \'Default Switch\' | Get-VMSwitchExtension | % { "$($_.Id) $($_.ExtensionType)" }'),
    ).toContain(`${id} ${type}`)
    expect(enter('pc', 'Get-VMSystemSwitchExtension | measure | % Count')).toBe('3\n')
    const before = enter('pc', 'Get-VMNetworkAdapter -ManagementOS | % Name')
    expect(before).toMatch(build < 22_000 ? /^Container NIC [0-9a-f]{8}\n$/ : /^Default Switch\n$/)
    enter('pc', 'Restart-Computer -Force')
    const after = enter('pc', 'Get-VMNetworkAdapter -ManagementOS | % Name')
    expect(after === before).toBe(build >= 22_000)
  })
})

describe('extensions', () => {
  it('are switched on and off on a switch that somebody made, and not on the Default Switch', () => {
    const enter = lab(26_100)
    enter('pc', 'New-VMSwitch S -SwitchType Private | Out-Null')
    expect(enter('pc', "(Enable-VMSwitchExtension 'Microsoft NDIS Capture' -VMSwitchName S).Enabled")).toBe('True\n')
    expect(enter('pc', "(Get-VMSwitchExtension S -Name '*Capture').Enabled")).toBe('True\n')
    expect(enter('pc', "(Disable-VMSwitchExtension 'Microsoft NDIS Capture' -VMSwitchName S).Enabled")).toBe('False\n')
    expect(enter('pc', "Enable-VMSwitchExtension 'Microsoft NDIS Capture' -VMSwitchName 'Default Switch'")).toContain(
      'The automatic Internet Connection Sharing switch cannot be modified.',
    )
    expect(enter('pc', "Enable-VMSwitchExtension 'Nobody' -VMSwitchName S")).toContain(
      'unable to find a virtual switch extension',
    )
  })
})

describe('a Windows client', () => {
  it.each([
    'New-VMSwitch X -NetAdapterName Ethernet -EnableEmbeddedTeaming $true',
    'New-VMSwitch X -NetAdapterName Ethernet,Wi-Fi',
    'New-VMSwitch X -NetAdapterName Ethernet -EnableIov $true',
  ])('%s is refused, and nothing changes', (line) => {
    const enter = lab(26_100)
    expect(enter('pc', line)).toContain('Failed while creating virtual Ethernet switch.')
    expect(enter('pc', 'Get-VMSwitch | % Name')).toBe('Default Switch\n')
    expect(enter('pc', 'ping -n 1 192.168.3.1')).toContain('Received = 1')
  })

  it('has no endpoints of HNS for ordinary machines', () => {
    expect(lab(26_100)('pc', 'Get-HnsEndpoint')).toBe('')
  })
})

describe('a machine that is restarted', () => {
  it('is waited for until its heart beats or it has an address; what is off is waited for in vain', () => {
    const enter = lab(26_100)
    expect(enter('pc', 'Restart-VM win1 -Force -Wait -For IPAddress -Timeout 60')).toBe('')
    enter('pc', 'Disable-VMIntegrationService Heartbeat -VMName win1')
    expect(enter('pc', 'Restart-VM win1 -Force -Wait -For Heartbeat -Timeout 5')).toContain('timed out')
  })

  it('and one that cannot be asked to shut down is turned off after five minutes', () => {
    const enter = lab(26_100)
    enter('pc', 'Disable-VMIntegrationService Shutdown -VMName ubuntu1; $a = Get-Date; Stop-VM ubuntu1 -Force')
    expect(enter('pc', 'Get-VM ubuntu1 | % State; [int]((Get-Date) - $a).TotalMinutes')).toBe('Off\n5\n')
  })
})
