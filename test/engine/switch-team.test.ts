// Switch Embedded Teaming of Windows Server (fact sheet 2.1): two cables are one uplink, and what carries which frames is looked at.
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import { FIRST_LAB, firstLab } from './first-lab.ts'

const SERVER = FIRST_LAB.replace(
  'hostname: LABHOST\n    build: 26100',
  'hostname: LABHOST\n    build: 26100\n    edition: server',
)
  .replace(
    "mac: 'c4:c6:e6:30:3f:37' }\n",
    "mac: 'c4:c6:e6:30:3f:37' }\n      Ethernet 2: { description: Intel(R) Ethernet Controller X710, mac: 'c4:c6:e6:30:3f:38' }\n",
  )
  .replace('cables:\n', 'cables:\n  - { name: pc-cable-2, between: [pc/Ethernet 2, home-switch], latency: 50us }\n')
const NEW = "New-VMSwitch Team -NetAdapterName 'Ethernet','Ethernet 2' -EnableEmbeddedTeaming $true"

/** The three guests are on the team's switch, and have addresses of the home network. */
function teamed(algorithm: 'HyperVPort' | 'Dynamic', away = false) {
  const { type, lab } = firstLab(away, 1, SERVER)
  type('pc', `${NEW} | Out-Null; Set-VMSwitchTeam Team -LoadBalancingAlgorithm ${algorithm}`)
  type('pc', 'Connect-VMNetworkAdapter ubuntu1,ubuntu2 -SwitchName Team')
  type(
    'ubuntu1',
    'sudo ip addr flush dev eth0; sudo ip addr add 192.168.3.201/24 dev eth0; sudo ip route add default via 192.168.3.1',
  )
  type(
    'ubuntu2',
    'sudo ip addr flush dev eth0; sudo ip addr add 192.168.3.202/24 dev eth0; sudo ip route add default via 192.168.3.1',
  )
  return { type, lab }
}

/** Adapters of the computer that frames with this source address left by since then. */
function leftBy(lab: Lab, from: number, mac: string): string[] {
  const octets = mac.split(':').map((octet) => Number.parseInt(octet, 16))
  return lab
    .sightings(from)
    .filter(({ vantage, direction, verdict, bytes }) => {
      const at = lab.vantages[vantage]
      return (
        at?.machine === 'pc' &&
        /^Ethernet/.test(at.adapter) &&
        direction === 'out' &&
        verdict === 'sent' &&
        octets.every((one, i) => bytes[6 + i] === one)
      )
    })
    .map(({ vantage }) => lab.vantages[vantage]?.adapter ?? '')
}
const one = '00:15:5d:03:32:00'
const two = '00:15:5d:03:32:01'

describe('a team', () => {
  it('is made of several adapters, and shows as the real one does', () => {
    const { type } = firstLab(true, 1, SERVER)
    expect(type('pc', NEW)).toMatch(/Team +External +Teamed-Interface\n/)
    expect(type('pc', 'Get-VMSwitch Team | % { "$($_.EmbeddedTeamingEnabled) $($_.NetAdapterInterfaceDescriptions)" }')).toBe(
      'True Intel(R) Ethernet Connection (18) I219-LM Intel(R) Ethernet Controller X710\n',
    )
    expect(type('pc', 'Get-VMSwitchTeam | % { "$($_.Name) $($_.TeamingMode) $($_.LoadBalancingAlgorithm)" }')).toBe(
      'Team SwitchIndependent Dynamic\n',
    )
    expect(type('pc', "(Get-NetAdapterBinding 'Ethernet 2' | ? Enabled).ComponentID")).toBe('vms_pp\n')
    expect(type('pc', 'ping -n 1 192.168.3.1')).toContain('Received = 1')
    expect(type('pc', "New-VMSwitch X -NetAdapterName 'Ethernet 2'")).toContain(
      'is already bound to the Microsoft Virtual Switch protocol.',
    )
    expect(type('pc', '(Get-CimInstance Win32_OperatingSystem).Caption')).toBe('Microsoft Windows Server 2025 Datacenter\n')
  })

  it('spreads virtual adapters over its members, each by one, and hears everything once', () => {
    const { type, lab } = teamed('HyperVPort')
    const from = lab().nextSighting
    expect(type('ubuntu1', 'ping -c 2 192.168.3.1')).toContain(' 2 received, 0% packet loss')
    expect(type('ubuntu2', 'ping -c 2 192.168.3.1')).toMatch(/ 2 received, 0% packet loss/)
    const [a, b] = [one, two].map((mac) => new Set(leftBy(lab(), from, mac)))
    expect([a?.size, b?.size]).toEqual([1, 1])
    expect(a).not.toEqual(b)
    expect(type('desk', 'ping -c 2 192.168.3.201')).not.toContain('DUP')
    const dropped = lab()
      .sightings(from)
      .filter(({ verdict, detail }) => verdict === 'filtered' && /of the team takes this|has come back/.test(detail))
    expect(dropped.length).toBeGreaterThan(0)
  })

  it('goes on by the other cable when one is pulled, for those who are called too', () => {
    const { type, lab } = teamed('HyperVPort', true)
    type('ubuntu1', 'ping -c 1 192.168.3.1')
    for (const [at, cable] of ['pc-cable', 'pc-cable-2'].entries()) {
      lab().hand({ action: 'unplug', link: cable }, 900 + 2 * at)
      expect(type('desk', 'ping -c 1 -W 1 192.168.3.201')).toContain(' 1 received')
      expect(type('ubuntu2', 'ping -c 1 -W 1 192.168.3.1')).toContain(' 1 received')
      expect(type('pc', 'ping -n 1 192.168.3.1')).toContain('Received = 1')
      lab().hand({ action: 'plug', link: cable }, 901 + 2 * at)
      expect(type('desk', 'ping -c 1 -W 1 192.168.3.201')).toContain(' 1 received')
    }
  })

  it('by flows uses both members, each frame with an address that stands behind its cable', () => {
    const { type, lab } = teamed('Dynamic')
    const from = lab().nextSighting
    for (let port = 1; port <= 12; port++) type('ubuntu1', `nc -zv -w 1 192.168.3.60 ${port}`)
    type('ubuntu1', 'for p in 1 2 3 4 5 6 7 8 9 10 11 12; do nc -zv -w 1 192.168.3.1 $p; done')
    const by = (mac: string) => new Set(leftBy(lab(), from, mac))
    const home = [...by(one)]
    expect(home.length).toBe(1)
    const other = home[0] === 'Ethernet' ? 'Ethernet 2' : 'Ethernet'
    expect(by(other === 'Ethernet' ? 'c4:c6:e6:30:3f:37' : 'c4:c6:e6:30:3f:38').has(other)).toBe(true)
    expect(type('ubuntu1', 'curl -s http://192.0.2.80/ | head -n 1')).not.toBe('')
  })

  it('goes by the member that was chosen for a machine', () => {
    const { type, lab } = teamed('HyperVPort')
    for (const name of ['Ethernet', 'Ethernet 2']) {
      type('pc', `Set-VMNetworkAdapterTeamMapping -VMName ubuntu1 -PhysicalNetAdapterName '${name}'`)
      expect(type('pc', '(Get-VMNetworkAdapterTeamMapping ubuntu1).NetAdapterName')).toBe(`${name}\n`)
      const from = lab().nextSighting
      expect(type('ubuntu1', 'ping -c 1 192.168.3.1')).toContain(' 1 received')
      expect(new Set(leftBy(lab(), from, one))).toEqual(new Set([name]))
    }
    expect(type('pc', 'Set-VMNetworkAdapterTeamMapping -VMName win1 -PhysicalNetAdapterName Ethernet')).toContain('has no team')
    type('pc', 'Remove-VMNetworkAdapterTeamMapping ubuntu1')
    expect(type('pc', 'Get-VMNetworkAdapterTeamMapping ubuntu1')).toBe('')
  })

  it('gives members back, and all of them when the switch goes', () => {
    const { type } = teamed('Dynamic', true)
    type('pc', "Remove-VMSwitchTeamMember Team -NetAdapterName 'Ethernet 2'")
    expect(type('pc', '(Get-VMSwitchTeam Team).NetAdapterInterfaceDescription.Count')).toBe('1\n')
    expect(type('pc', "(Get-NetIPAddress -InterfaceAlias 'Ethernet 2' -AddressFamily IPv4).IPAddress")).toMatch(/^192\.168\.3\./)
    type(
      'pc',
      "Add-VMSwitchTeamMember Team -NetAdapterName 'Ethernet 2'; Stop-VM ubuntu1,ubuntu2 -TurnOff; Remove-VMSwitch Team -Force",
    )
    expect(type('pc', '(Get-NetIPAddress -InterfaceAlias Ethernet -AddressFamily IPv4).IPAddress')).toBe('192.168.3.50\n')
    expect(type('pc', "(Get-NetIPAddress -InterfaceAlias 'Ethernet 2' -AddressFamily IPv4).IPAddress")).toMatch(/^192\.168\.3\./)
  })

  it('is the same when the lab is put away in the middle', () => {
    const [said, again] = [false, true].map((away) => {
      const { type, lab } = teamed('Dynamic', away)
      const lines = ['ping -c 2 192.168.3.1', 'curl -s http://192.0.2.80/ | wc -c', 'ip neigh'].map((line) =>
        type('ubuntu1', line),
      )
      return { lines, digest: lab().digest() }
    })
    expect(said).toEqual(again)
  })
})

it('Windows 11 refuses a team', () => {
  const { type } = firstLab()
  expect(type('pc', 'New-VMSwitch Team -NetAdapterName Ethernet -EnableEmbeddedTeaming $true')).toContain(
    'Switch Embedded Teaming is supported on Windows Server only.',
  )
  expect(type('pc', 'New-VMSwitch Team -NetAdapterName Ethernet,Wi-Fi')).toContain('Windows Server only.')
  expect(type('pc', 'Get-VMSwitchTeam')).toBe('')
})
