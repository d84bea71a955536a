// Windows Firewall as a person uses it (fact sheet 2.7, 4.5): what is typed on the computer decides about frames that the desk sends.
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import { aRule, type Firewall } from '../../durable/engine/service/firewall.ts'
import type { Walk } from '../../durable/walk/walk.ts'
import { FIRST_LAB, walkFirstLab } from './first-lab.ts'

/** The first lab, with a web server on the computer itself. */
const home = (): Walk =>
  walkFirstLab(
    FIRST_LAB.replace('    vpns:\n', "    http: { port: 8080, pages: { /: { body: 'hello from the host' } } }\n    vpns:\n"),
  )

const WEB = 'curl -s -m 3 http://192.168.3.50:8080/'
const ALLOW = 'New-NetFirewallRule -DisplayName "Web 8080" -Direction Inbound -Protocol TCP -LocalPort 8080 -Action Allow'
const PING = 'ping -c 1 -W 1 192.168.3.50'
const ECHO = 'File and Printer Sharing (Echo Request - ICMPv4-In)'

const drops = (walk: Walk, from: number): string[] =>
  walk.lab
    .sightings(from)
    .filter(({ verdict }) => verdict === 'firewall')
    .map(({ detail }) => detail)

describe('a port of the computer', () => {
  it('is closed to the network until a rule opens it, and closed again when the rule is disabled or gone', () => {
    const walk = home()
    const before = walk.lab.nextSighting
    expect(walk.type('desk', WEB)).toBe('')
    expect(drops(walk, before)[0]).toContain('no enabled inbound rule of pc allows TCP port 8080 to 192.168.3.50 on Ethernet')
    const said = walk.type('pc', ALLOW)
    expect(said).toMatch(/Name {26}: \{[0-9A-F-]{36}\}\nDisplayName {19}: Web 8080\n/)
    expect(said).toContain('PolicyStoreSource             : PersistentStore')
    expect(walk.type('desk', WEB)).toContain('hello from the host')
    walk.type('pc', 'Disable-NetFirewallRule -DisplayName "Web 8080"')
    expect(walk.type('desk', WEB)).toBe('')
    walk.type('pc', 'Get-NetFirewallRule -DisplayName "Web 8080" | Enable-NetFirewallRule')
    expect(walk.type('desk', WEB)).toContain('hello')
    walk.type('pc', 'Remove-NetFirewallRule -DisplayName "Web 8080"')
    expect(walk.type('desk', WEB)).toBe('')
    expect(walk.type('pc', 'Get-NetFirewallRule -DisplayName "Web 8080"')).toContain(
      "Get-NetFirewallRule : No MSFT_NetFirewallRule objects found with property 'DisplayName' equal to 'Web 8080'.  Verify the value of the property and retry.",
    )
  })

  it('a block beats the allow, and is named by the packet list', () => {
    const walk = home()
    walk.type('pc', ALLOW)
    walk.type(
      'pc',
      'New-NetFirewallRule -DisplayName "No desk" -Direction Inbound -RemoteAddress 192.168.3.0/24 -Action Block | Out-Null',
    )
    const before = walk.lab.nextSighting
    expect(walk.type('desk', WEB)).toBe('')
    expect(drops(walk, before)[0]).toBe('rule "No desk" blocks it')
    walk.type('pc', 'Set-NetFirewallRule -DisplayName "No desk" -RemoteAddress 192.168.3.200-192.168.3.210')
    expect(walk.type('desk', WEB)).toContain('hello')
  })

  it.each([
    ['-LocalPort 8000-8100', true],
    ['-LocalPort 80,443', false],
    ['-LocalPort 8080 -Profile Private', false],
    ['-LocalPort 8080 -Profile Private,Public', true],
    ['-LocalPort 8080 -RemoteAddress LocalSubnet', true],
    ['-LocalPort 8080 -RemoteAddress 10.0.0.0/8', false],
    ['-LocalPort 8080 -InterfaceAlias Ethernet', true],
    ['-LocalPort 8080 -InterfaceAlias Wi-Fi', false],
    ['-LocalPort 8080 -InterfaceType Wireless', false],
    ['-LocalPort 8080 -LocalAddress 192.168.3.50', true],
    ['-LocalPort 8080 -RemotePort 1-1023', false],
    ['-Program System', true],
    ['-Program C:\\Tools\\other.exe', false],
    ['-Enabled False', false],
  ])('rule with %s', (rest, opens) => {
    const walk = home()
    expect(walk.type('pc', `New-NetFirewallRule -DisplayName T -Protocol TCP ${rest} | Out-Null`)).toBe('')
    expect(walk.type('desk', WEB) !== '').toBe(opens)
  })

  it('is open to all when the profile of the network is switched off or lets everything in, and only then', () => {
    const walk = home()
    walk.type('pc', 'Set-NetFirewallProfile -Profile Private,Domain -Enabled False')
    expect(walk.type('desk', WEB)).toBe('')
    walk.type('pc', 'Set-NetFirewallProfile -Profile Public -Enabled False')
    expect(walk.type('desk', WEB)).toContain('hello')
    walk.type('pc', 'Set-NetFirewallProfile -Enabled True')
    expect(walk.type('desk', WEB)).toBe('')
    walk.type('pc', 'Set-NetFirewallProfile -Profile Public -DefaultInboundAction Allow')
    expect(walk.type('desk', WEB)).toContain('hello')
    walk.type('pc', 'Set-NetFirewallProfile -Profile Public -AllowInboundRules False')
    expect(walk.type('desk', WEB)).toBe('')
  })

  it('follows the category of the network', () => {
    const walk = home()
    walk.type('pc', 'New-NetFirewallRule -DisplayName T -Protocol TCP -LocalPort 8080 -Profile Private | Out-Null')
    expect(walk.type('desk', WEB)).toBe('')
    walk.type('pc', 'Set-NetConnectionProfile -InterfaceAlias Ethernet -NetworkCategory Private')
    expect(walk.type('pc', '(Get-NetConnectionProfile -InterfaceAlias Ethernet).NetworkCategory')).toBe('Private\n')
    expect(walk.type('desk', WEB)).toContain('hello')
  })
})

describe('echo requests', () => {
  it('are not answered on a fresh computer, and are once the rule is enabled', () => {
    const walk = home()
    expect(walk.type('desk', PING)).toContain('100% packet loss')
    expect(walk.type('pc', `(Get-NetFirewallRule -Name FPS-ICMP4-ERQ-In).DisplayName`)).toBe(`${ECHO}\n`)
    walk.type('pc', `Enable-NetFirewallRule -DisplayName "${ECHO}"`)
    expect(walk.type('desk', PING)).toContain(' 0% packet loss')
  })
})

describe('what leaves', () => {
  it('is blocked by an outbound rule, and by a profile that blocks by default', () => {
    const walk = home()
    expect(walk.type('pc', 'ping -n 1 192.168.3.1')).toContain('Reply from 192.168.3.1')
    walk.type('pc', 'New-NetFirewallRule -DisplayName "No ping" -Direction Outbound -Protocol ICMPv4 -Action Block | Out-Null')
    const before = walk.lab.nextSighting
    expect(walk.type('pc', 'ping -n 1 192.168.3.1')).toContain('General failure.')
    expect(drops(walk, before)).toEqual(['rule "No ping" blocks it'])
    walk.type('pc', 'Remove-NetFirewallRule -DisplayName "No ping"')
    walk.type('pc', 'Set-NetFirewallProfile -All -DefaultOutboundAction Block')
    expect(walk.type('pc', 'ping -n 1 192.168.3.1')).toContain('General failure.')
    // What others ask is answered, and guests are not the business of this firewall.
    walk.type('pc', ALLOW)
    expect(walk.type('desk', WEB)).toContain('hello')
    expect(walk.type('ubuntu1', 'ping -c 1 192.168.3.1')).toContain(' 0% packet loss')
  })
})

describe('a policy that ignores local rules (fact sheet 4.5)', () => {
  it('takes the guests their DHCP and DNS with no other sign, and why names it', () => {
    const walk = home()
    walk.type('pc', 'Set-NetFirewallProfile -Profile Public -AllowLocalFirewallRules False -PolicyStore localhost')
    const before = walk.lab.nextSighting
    walk.type('ubuntu1', 'sudo networkctl renew eth0')
    expect(walk.type('ubuntu1', 'nslookup -timeout=1 -retry=1 www.example.com')).not.toContain('Address: 203')
    expect(drops(walk, before).join('\n')).toContain('a policy keeps the Public profile from using rules of pc itself')
    expect(walk.type('pc', '(Get-NetFirewallRule -PolicyStore ActiveStore -Name ICS-DHCP-In).EnforcementStatus')).toBe(
      'LocalFirewallRulesDisabled\n',
    )
  })
})

describe('cmdlets', () => {
  it('refuse what cannot be', () => {
    const walk = home()
    expect(walk.type('pc', 'New-NetFirewallRule -DisplayName T -LocalPort 80')).toContain(
      'Windows System Error 87,New-NetFirewallRule',
    )
    walk.type('pc', 'New-NetFirewallRule -Name one -DisplayName T | Out-Null')
    expect(walk.type('pc', 'New-NetFirewallRule -Name one -DisplayName T')).toContain(
      'New-NetFirewallRule : Cannot create a file when that file already exists.',
    )
    expect(walk.type('pc', 'New-NetFirewallRule -DisplayName T -Protocol FOO')).toContain('The protocol is invalid.')
  })

  it('copy, rename and show filters', () => {
    const walk = home()
    walk.type(
      'pc',
      'New-NetFirewallRule -Name a -DisplayName A -Protocol UDP -LocalPort 53,5353 -RemoteAddress 10.0.0.0/8 -Service dnscache | Out-Null',
    )
    walk.type('pc', 'Copy-NetFirewallRule -Name a -NewName b; Rename-NetFirewallRule -Name a -NewName c')
    expect(walk.type('pc', 'Get-NetFirewallRule -DisplayName A | % Name')).toBe('c\nb\n')
    expect(walk.type('pc', 'Get-NetFirewallRule -Name b | Get-NetFirewallPortFilter')).toContain(
      'Protocol      : UDP\nLocalPort     : {53, 5353}\nRemotePort    : Any\nIcmpType      : Any\nDynamicTarget : Any\n',
    )
    expect(walk.type('pc', 'Get-NetFirewallRule -Name b | Get-NetFirewallAddressFilter')).toContain(
      'LocalAddress  : Any\nRemoteAddress : 10.0.0.0/255.0.0.0\n',
    )
    expect(walk.type('pc', '(Get-NetFirewallRule -Name b | Get-NetFirewallServiceFilter).Service')).toBe('dnscache\n')
    walk.type('pc', 'Get-NetFirewallRule -Name b | Get-NetFirewallPortFilter | Set-NetFirewallPortFilter -LocalPort 99')
    expect(walk.type('pc', '(Get-NetFirewallRule -Name b | Get-NetFirewallPortFilter).LocalPort')).toBe('99\n')
  })

  it('profiles show as the real ones', () => {
    const said = home().type('pc', 'Get-NetFirewallProfile -Name Public')
    expect(said).toContain(
      'Name                            : Public\nEnabled                         : True\nDefaultInboundAction            : NotConfigured\nDefaultOutboundAction           : NotConfigured\n',
    )
    expect(said).toContain('LogFileName                     : %systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log')
  })
})

describe('the log', () => {
  it('has what was dropped, in the real layout, and survives the lab being put away', () => {
    const walk = home()
    walk.type('pc', 'Set-NetFirewallProfile -All -LogBlocked True')
    walk.type('desk', WEB)
    const said = walk.type('pc', 'Get-Content C:\\Windows\\System32\\LogFiles\\Firewall\\pfirewall.log')
    expect(said).toContain('#Version: 1.5\n#Software: Microsoft Windows Firewall\n')
    expect(said).toMatch(
      /\n2026-09-14 \d\d:\d\d:\d\d DROP TCP 192\.168\.3\.\d+ 192\.168\.3\.50 \d+ 8080 60 S \d+ 0 \d+ - - - RECEIVE\n/,
    )
  })
})

it('rules that every start adds push out the oldest of their own where there is no room', () => {
  const lab = walkFirstLab().lab as Lab
  const pc = lab.parts.machines.get('pc') as Machine
  const firewall = pc.firewall as Firewall
  for (let n = firewall.rules.length; n < 1000; n++) firewall.add(aRule({ name: `r${n}`, displayName: `r${n}` }))
  const mine = (): string[] => firewall.rules.filter(({ displayName }) => displayName.startsWith('HNS')).map(({ name }) => name)
  const before = mine()
  pc.hyperV?.rebuildDefaultSwitch()
  expect(firewall.rules.length).toBe(1000)
  expect(mine().length).toBe(before.length)
  expect(mine()).not.toEqual(before)
})
