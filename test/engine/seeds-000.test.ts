// What was said of Hyper-V's networking on a Windows 11 computer (docs/seed-coverage.md, 1.1), where no other test shows it.
import { describe, expect, it } from 'vitest'
import { isIp4, isPing, macAt, octets, port, SeedLab } from './seed-lab.ts'

describe('layers', () => {
  it('a page is asked for by name first, then from a high port, and each layer has its place in the frame', () => {
    const lab = new SeedLab()
    expect(lab.type('ubuntu1', 'curl -s http://www.example.com/')).toContain('<title>')
    const out = lab.passed().filter(({ at }) => at === 'ubuntu1/eth0 out')
    const question = out.findIndex(({ bytes }) => isIp4(bytes, 17) && port(bytes, 36) === 53)
    const begin = out.findIndex(({ bytes }) => isIp4(bytes, 6) && bytes[47] === 2)
    expect(question).toBeGreaterThanOrEqual(0)
    expect(begin).toBeGreaterThan(question)
    const { bytes } = out[begin]
    const gateway = lab.type('ubuntu1', 'ip neigh')
    // Ethernet: to the next hop, from the adapter, six octets each. IPv4: from end to end. TCP: two ports, a number.
    expect(gateway).toContain(`lladdr ${macAt(bytes, 0)}`)
    expect(macAt(bytes, 6)).toBe('00:15:5d:03:32:00')
    expect(lab.type('ubuntu1', 'ip -4 -br address show eth0')).toContain(octets(bytes, 26))
    expect(octets(bytes, 30)).toBe('192.0.2.80')
    expect(port(bytes, 34)).toBeGreaterThanOrEqual(32_768)
    expect(port(bytes, 36)).toBe(80)
    const sequences = out.slice(begin).map((one) => new DataView(one.bytes.buffer, one.bytes.byteOffset).getUint32(38))
    expect(new Set(sequences).size).toBeGreaterThan(1)
  })

  it('the frame is the same whatever it travels over', () => {
    const lab = new SeedLab()
    const echo = () => {
      const [one] = lab.passed().filter((seen) => seen.at.startsWith('pc/') && seen.at.endsWith(' out') && isPing(seen))
      return one
    }
    lab.type('pc', 'ping -n 1 192.168.3.1')
    const cable = echo()
    lab.walk.step({ kind: 'unplug', line: 0, link: 'pc-cable' })
    lab.type('pc', 'netsh wlan connect name="HomeNet"')
    lab.type('pc', 'ping -n 1 192.168.3.1')
    const radio = echo()
    expect([cable.at, radio.at]).toEqual(['pc/Ethernet out', 'pc/Wi-Fi out'])
    expect(macAt(radio.bytes, 0)).toBe(macAt(cable.bytes, 0))
    expect(radio.bytes.slice(12, 18)).toEqual(cable.bytes.slice(12, 18))
    expect(radio.bytes.slice(42)).toEqual(cable.bytes.slice(42))
  })
})

describe('what a guest has', () => {
  it('is the generic adapter with its driver, whatever hardware the computer has', () => {
    const lab = new SeedLab()
    expect(lab.type('ubuntu1', 'ethtool -i eth0')).toMatch(/^driver: hv_netvsc\n[\s\S]*bus-info: vmbus\n/)
    expect(lab.type('win1', 'Get-NetAdapter | % InterfaceDescription')).toBe('Microsoft Hyper-V Network Adapter\n')
    expect(lab.type('pc', 'Get-NetAdapter Ethernet | % InterfaceDescription')).toContain('Intel(R)')
    expect(lab.type('ubuntu1', 'ping -c 1 -4 www.example.com')).toContain(' 1 received')
  })

  it('is one adapter, on the Default Switch, when nobody says otherwise', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'Get-VMNetworkAdapter * | % { "$($_.VMName) $($_.SwitchName)" }')).toBe(
      'ubuntu1 Default Switch\nubuntu2 Default Switch\nwin1 Default Switch\n',
    )
  })

  it('unplugged and plugged again is a cable pulled and put back', () => {
    const lab = new SeedLab()
    lab.type('pc', 'Disconnect-VMNetworkAdapter win1')
    expect(lab.type('pc', 'Get-VMNetworkAdapter win1 | % { "[$($_.SwitchName)]" }')).toBe('[]\n')
    expect(lab.type('win1', 'ipconfig')).toContain('Media disconnected')
    lab.type('pc', "Connect-VMNetworkAdapter win1 -SwitchName 'Default Switch'")
    expect(lab.type('win1', 'ipconfig')).toMatch(/IPv4 Address.*: (172|192)\./)
  })
})

describe('the way of a frame', () => {
  it('between two guests touches no hardware', () => {
    const lab = new SeedLab()
    const to = /(\d+\.\d+\.\d+\.\d+)/.exec(lab.type('ubuntu2', 'ip -4 -br address show eth0'))?.[1] ?? ''
    lab.type('ubuntu1', `ping -c 1 ${to}`)
    const places = lab.passed().filter(isPing)
    expect([...new Set(places.map(({ at }) => at))]).toEqual(['ubuntu1/eth0 out', 'ubuntu2/eth0 in'])
  })

  it('out of the house is guest, adapter of the computer, network adapter, router', () => {
    const lab = new SeedLab()
    lab.type('ubuntu1', 'ping -c 1 192.0.2.80')
    expect(
      lab
        .passed()
        .filter(isPing)
        .map(({ at }) => at)
        .slice(0, 4),
    ).toEqual(['ubuntu1/eth0 out', 'pc/vEthernet (Default Switch) in', 'pc/Ethernet out', 'router/lan in'])
  })
})

describe('other software', () => {
  it('has adapters of its own, which stand in the lists', () => {
    const other =
      "      VirtualBox Host-Only Network: { description: VirtualBox Host-Only Ethernet Adapter, mac: '0a:00:27:00:00:0b' }\n"
    const lab = new SeedLab('default-switch', (yaml) => yaml.replace('      Wi-Fi: { kind', `${other}      Wi-Fi: { kind`))
    expect(lab.type('pc', 'Get-NetAdapter | % InterfaceDescription')).toContain('VirtualBox Host-Only Ethernet Adapter\n')
    expect(lab.type('pc', 'ipconfig')).toContain('Ethernet adapter VirtualBox Host-Only Network:')
    lab.type('pc', 'rasdial "Campus VPN"')
    expect(lab.type('pc', 'ipconfig')).toContain('PPP adapter Campus VPN:')
  })
})

describe('the Default Switch', () => {
  it('is there again after a restart, whatever was done to it', () => {
    const lab = new SeedLab()
    lab.type('pc', "Get-NetIPAddress -InterfaceAlias 'vEthernet (Default Switch)' | Remove-NetIPAddress -Confirm:$false")
    lab.type('pc', "Disable-NetAdapter 'vEthernet (Default Switch)' -Confirm:$false")
    expect(lab.reaches('ubuntu1', '192.0.2.80')).toBe(false)
    lab.type('pc', 'Restart-Computer -Force')
    lab.type('ubuntu1', 'sudo networkctl renew eth0')
    expect(lab.reaches('ubuntu1', '192.0.2.80')).toBe(true)
  })

  it('lets guests reach what the computer, the house and the Internet serve', () => {
    const lab = new SeedLab('default-switch', (yaml) => yaml.replace('    vpns:\n', '    http: { port: 8080 }\n    vpns:\n'))
    lab.type('pc', 'New-NetFirewallRule -DisplayName W -Protocol TCP -LocalPort 8080 | Out-Null')
    const gateway = /via (\S+)/.exec(lab.type('ubuntu1', 'ip route'))?.[1]
    expect(lab.type('ubuntu1', `curl -s -m 3 http://${gateway}:8080/`)).toContain('<title>')
    expect(lab.reaches('ubuntu1', '192.168.3.51')).toBe(true)
    expect(lab.type('ubuntu1', 'curl -s -m 3 http://www.example.com/')).toContain('<title>')
  })

  it('has its guests under .mshome.net and .local', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'ping -n 1 ubuntu1.mshome.net')).toContain('Reply from')
    expect(lab.passed().some(({ bytes }) => isIp4(bytes, 17) && port(bytes, 36) === 5353)).toBe(false)
    expect(lab.type('pc', 'ping -n 1 ubuntu1.local')).toContain('Reply from')
    expect(lab.passed().some(({ bytes }) => isIp4(bytes, 17) && port(bytes, 36) === 5353)).toBe(true)
  })
})

describe('a custom switch', () => {
  it('is not made without its kind, and has the columns and rows of the real one', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'New-VMSwitch -Name Example')).toContain(
      'New-VMSwitch : Parameter set cannot be resolved using the specified named parameters.',
    )
    lab.type('pc', 'New-VMSwitch -Name Example -SwitchType Private')
    lab.type('pc', 'Set-VMSwitch -Name Example -SwitchType Internal')
    const rows = lab.type('pc', 'Get-NetAdapter').split('\n')
    expect(rows[1].trim().split(/\s+/)).toEqual(['Name', 'InterfaceDescription', 'ifIndex', 'Status', 'MacAddress', 'LinkSpeed'])
    expect(rows.find((row) => row.startsWith('vEthernet (Example)'))).toMatch(
      /Hyper-V Virtual Ethernet Adapter #\d+ +\d+ Up +00-15-5D-03-32-[0-9A-F]{2} +10 Gbps$/,
    )
    expect(rows.find((row) => row.startsWith('Wi-Fi'))).toMatch(/ Disconnected +\S+ +0 bps$/)
  })

  it('has one adapter of the computer, however often Set-VMSwitch says so', () => {
    const lab = new SeedLab()
    lab.type('pc', 'New-VMSwitch X -SwitchType Internal | Out-Null')
    lab.type('pc', 'Set-VMSwitch X -SwitchType Internal; Set-VMSwitch X -NetAdapterName Ethernet')
    lab.type('pc', 'Set-VMSwitch X -AllowManagementOS $true')
    expect(lab.type('pc', '@(Get-VMNetworkAdapter -ManagementOS | ? SwitchName -eq X).Count')).toBe('1\n')
  })
})

describe('the adapters of a switch', () => {
  it('are one at most: two are refused, by New-VMSwitch and by Set-VMSwitch, and nothing is changed', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'New-VMSwitch T -NetAdapterName Ethernet,Wi-Fi')).toContain(
      'More than one network adapter needs Switch Embedded Teaming, which is supported on Windows Server only.',
    )
    expect(lab.type('pc', 'Get-VMSwitch | % Name')).toBe('Default Switch\n')
    lab.type('pc', 'New-VMSwitch T -SwitchType Private | Out-Null')
    expect(lab.type('pc', 'Set-VMSwitch T -NetAdapterName Ethernet,Wi-Fi')).not.toBe('')
    expect(lab.type('pc', 'Get-VMSwitch T | % SwitchType')).toBe('Private\n')
    expect(lab.type('pc', 'Set-VMSwitch T -NetAdapterName Ethernet')).toBe('')
  })
})

describe('an adapter that a switch owns', () => {
  const bridged = () => {
    const lab = new SeedLab()
    lab.type('pc', 'New-VMSwitch -Name HomeNet -NetAdapterName Ethernet | Out-Null')
    lab.type('pc', 'Connect-VMNetworkAdapter ubuntu1 -SwitchName HomeNet')
    return lab
  }

  it('is still managed, and what is done to it is done to all behind it', () => {
    const lab = bridged()
    expect(lab.reaches('ubuntu1', '192.168.3.1')).toBe(true)
    lab.type('pc', 'Disable-NetAdapter Ethernet -Confirm:$false')
    expect(lab.type('pc', "(Get-NetAdapter 'vEthernet (HomeNet)').Status")).toBe('Disconnected\n')
    expect(lab.reaches('ubuntu1', '192.168.3.1')).toBe(false)
    lab.type('pc', 'Enable-NetAdapter Ethernet')
    expect(lab.reaches('ubuntu1', '192.168.3.1')).toBe(true)
  })

  it('has no network of its own any more: the profile is that of the vEthernet', () => {
    const lab = bridged()
    expect(lab.type('pc', 'Get-NetConnectionProfile | % { "$($_.InterfaceAlias) $($_.IPv4Connectivity)" }')).toBe(
      'vEthernet (HomeNet) Internet\n',
    )
  })
})
