// Smaller tools of Windows in whole labs (fact sheet 2.5, 3.1, 3.6): what they print agrees with what they send.
import { describe, expect, it } from 'vitest'
import { firstLab, walkFirstLab } from './first-lab.ts'
import { isIp4, octets } from './seed-lab.ts'

describe('pathping', () => {
  it('shows a guest the way through two translations, and asks everybody on it', () => {
    const walk = walkFirstLab()
    const from = walk.sightings.length
    const said = walk.type('win1', 'pathping -q 10 192.0.2.80')
    expect(said).toMatch(
      / {2}0 {2}WIN1\.mshome\.net \[172\.[\d.]+\] \n {2}1 {2}LABHOST\.mshome\.net \[172\.[\d.]+\] \n {2}2 {2}router\.home \[192\.168\.3\.1\] \n/,
    )
    expect(said).toMatch(/\nComputing statistics for \d+ seconds\.\.\.\n/)
    expect(said).toMatch(/\n {2}2 +\d+ms {5}0\/ {2}10 = {2}0% {5}0\/ {2}10 = {2}0% {2}router\.home \[192\.168\.3\.1\] \n/)
    const asked = walk.sightings
      .slice(from)
      .filter(
        ({ vantage, direction, bytes }) =>
          walk.lab.vantages[vantage]?.machine === 'win1' && direction === 'out' && isIp4(bytes, 1),
      )
    const counts = new Map<string, number>()
    for (const { bytes } of asked) counts.set(octets(bytes, 30), (counts.get(octets(bytes, 30)) ?? 0) + 1)
    expect(counts.get('192.168.3.1')).toBe(10)
  })

  it('is the same when the lab is put away in the middle', () => {
    const [one, two] = [false, true].map((away) => {
      const { type, lab } = firstLab(away)
      return [type('pc', 'pathping -n -q 3 8.8.8.8'), lab().digest()]
    })
    expect(one).toEqual(two)
  })
})

describe('Test-NetConnection -DiagnoseRouting', () => {
  it('tells the route, the address and the adapter, for one adapter alone too', () => {
    const { type } = firstLab()
    const said = type('pc', 'Test-NetConnection 8.8.8.8 -DiagnoseRouting')
    expect(said).toContain('SelectedSourceAddress')
    expect(said).toMatch(/OutgoingInterfaceIndex +: 23\n/)
    expect(type('pc', '(Test-NetConnection www.example.com -DiagnoseRouting).RemoteAddress')).toBe('192.0.2.80\n')
    expect(type('pc', 'Test-NetConnection 8.8.8.8 -DiagnoseRouting -ConstrainInterface 15 -InformationLevel Quiet')).toBe(
      'False\n',
    )
    expect(type('pc', 'Test-NetConnection ubuntu1.mshome.net -DiagnoseRouting | % OutgoingInterfaceIndex')).toBe('15\n')
    expect(
      type(
        'pc',
        'Test-NetConnection nosuch.example -DiagnoseRouting -WarningAction SilentlyContinue | % RouteDiagnosticsSucceeded',
      ),
    ).toBe('False\n')
  })
})

describe('ipconfig /registerdns', () => {
  it('looks for who has the zone of each suffix', () => {
    const walk = walkFirstLab()
    const from = walk.sightings.length
    expect(walk.type('win1', 'ipconfig /registerdns')).toContain(
      'Registration of the DNS resource records for all adapters of this computer has been initiated.',
    )
    const asked = walk.sightings
      .slice(from)
      .filter(({ vantage, bytes }) => walk.lab.vantages[vantage]?.machine === 'win1' && isIp4(bytes, 17) && bytes[37] === 53)
    expect(asked.length).toBeGreaterThan(0)
  })
})

describe('systeminfo and Get-ComputerInfo', () => {
  it('agree with what else the computer tells', () => {
    const { type } = firstLab()
    const said = type('pc', 'systeminfo')
    expect(said).toMatch(
      /^\nHost Name: {21}LABHOST\nOS Name: {23}Microsoft Windows 11 Pro\nOS Version: {20}10\.0\.26100 N\/A Build 26100\n/,
    )
    expect(said).toContain('Connection Name: Ethernet\n')
    expect(said).toMatch(/DHCP Server: {5}192\.168\.3\.1\n +IP address\(es\)\n +\[01\]: 192\.168\.3\.50\n/)
    expect(said).toContain('A hypervisor has been detected.')
    expect(type('win1', 'systeminfo /fo csv /nh')).toContain('"WIN1","Microsoft Windows 11 Pro"')
    expect(type('pc', '(Get-ComputerInfo).CsName')).toBe('LABHOST\n')
    expect(type('pc', 'Get-ComputerInfo Os*Number, CsModel | % { "$($_.OsBuildNumber) $($_.CsModel)" }')).toBe(
      '26100 Lab Computer\n',
    )
  })
})

describe('netsh bridge', () => {
  it('netsh bridge lists the adapters that could be bridged', () => {
    const { type } = firstLab()
    expect(type('pc', 'netsh bridge show adapter')).toContain('  1 Ethernet                    unknown\n')
    type('pc', 'New-VMSwitch X -NetAdapterName Ethernet | Out-Null')
    expect(type('pc', 'netsh bridge show adapter')).not.toMatch(/ \d Ethernet /)
  })
})

describe('questions', () => {
  it('net stop asks before it stops who depends on a service', () => {
    const { type } = firstLab(true)
    expect(type('pc', 'net stop RpcSs')).not.toContain('(Y/N)')
    expect(type('pc', 'net stop LanmanWorkstation')).not.toBe('')
    type('pc', 'net start LanmanWorkstation')
    expect(type('pc', 'net stop NlaSvc')).not.toBe('')
    const asked = type('pc', 'net stop Dhcp')
    expect(asked).toMatch(/Do you want to continue this operation\? \(Y\/N\) \[N\]: $/)
    type('pc', 'n')
    expect(type('pc', '(Get-Service Dhcp).Status')).toBe('Running\n')
  })

  it('reg asks before it overwrites or deletes', () => {
    const { type } = firstLab(true)
    const key = 'HKLM\\SOFTWARE\\Lab'
    type('pc', `reg add ${key} /v A /d one`)
    expect(type('pc', `reg add ${key} /v A /d two`)).toBe('Value A exists, overwrite(Yes/No)? ')
    type('pc', 'no')
    expect(type('pc', `reg query ${key} /v A`)).toContain('one')
    type('pc', `reg add ${key} /v A /d two`)
    type('pc', 'Yes')
    expect(type('pc', `reg query ${key} /v A`)).toContain('two')
    type('pc', `reg delete ${key} /v A`)
    type('pc', 'y')
    expect(type('pc', `reg query ${key} /v A`)).toContain('unable to find')
  })
})
