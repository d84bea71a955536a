// The Windows Subsystem for Linux (fact sheet 1.2.23, 1.3.12, 1.3.14, 2.8): a Linux console of a Windows computer.
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import { firstLab, ofBuild, walkFirstLab } from './first-lab.ts'
import { isIp4, octets } from './seed-lab.ts'

const promptOf = (lab: Lab): string | undefined => lab.consoles().find(({ console }) => console.startsWith('pc'))?.prompt

describe('wsl on Windows 11', () => {
  it('opens a Linux console and comes back', () => {
    const { type, lab } = firstLab()
    expect(type('pc', 'wsl')).toBe('')
    expect(promptOf(lab())).toBe('student@LABHOST:~$ ')
    expect(type('pc', 'x=5; mkdir work && cd work; pwd')).toBe('/home/student/work\n')
    expect(type('pc', 'echo $x; pwd | tr a-z A-Z')).toBe('5\n/HOME/STUDENT/WORK\n')
    expect(type('pc', 'exit')).toBe('logout\n')
    expect(promptOf(lab())).toBe('PS C:\\Users\\Student> ')
    expect(type('pc', 'hostname')).toBe('LABHOST\n')
    expect(type('pc', 'wsl ls')).toBe('work\n')
  })

  it('stands on a second network of type ICS, with a fixed address, and reaches the Internet by name', () => {
    const { type } = firstLab()
    expect(type('pc', 'Get-HnsNetwork | % Name')).toBe('Default Switch\n')
    expect(type('pc', 'wsl ping -c 1 www.example.com')).toContain(' 1 received')
    expect(type('pc', 'Get-HnsNetwork | % { "$($_.Name) $($_.Type) $($_.Flags)" }')).toBe('Default Switch ICS 11\nWSL ICS 265\n')
    expect(type('pc', '(Get-HnsNetwork | ? Name -eq WSL).ID')).toBe('790E58B4-7939-4434-9358-89AE7DDBE87E\n')
    expect(type('pc', 'Get-NetAdapter | % Name')).toContain('vEthernet (WSL)\n')
    expect(type('pc', 'Get-VMSwitch | % Name')).toBe('Default Switch\nWSL\n')
    expect(type('pc', 'Get-VM | % Name')).not.toContain('wsl')
    expect(type('pc', 'Remove-VMSwitch WSL -Force')).toContain(
      'The automatic Internet Connection Sharing switch cannot be modified.',
    )
    const [gateway] = type('pc', "(Get-NetIPAddress -InterfaceAlias 'vEthernet (WSL)' -AddressFamily IPv4).IPAddress").split('\n')
    expect(type('pc', 'wsl ip route')).toContain(`default via ${gateway} dev eth0`)
    expect(type('pc', 'wsl cat /etc/resolv.conf')).toContain(`nameserver ${gateway}`)
    expect(type('pc', 'wsl ip -4 addr show eth0')).toMatch(
      /inet 1[79]\d\.[\d.]+\/20 brd [\d.]+ scope global eth0\n +valid_lft forever/,
    )
    expect(type('pc', "(Get-NetIPInterface -InterfaceAlias 'vEthernet (WSL)' -AddressFamily IPv4).Dhcp")).toBe('Disabled\n')
  })

  it('is translated: outside of the computer its packets are the computer’s', () => {
    const walk = walkFirstLab()
    walk.type('pc', 'wsl hostname')
    const from = walk.sightings.length
    expect(walk.type('pc', 'wsl ping -c 1 192.168.3.1')).toContain(' 1 received')
    const asked = walk.sightings.slice(from).filter(({ bytes }) => isIp4(bytes, 1) && bytes[34] === 8)
    const sources = (place: string) =>
      asked.filter(({ vantage }) => walk.lab.vantages[vantage]?.machine === place).map(({ bytes }) => octets(bytes, 26))
    expect(new Set(sources('router'))).toEqual(new Set(['192.168.3.50']))
    expect(sources('pc-wsl')[0]).toMatch(/^1(72|92)\./)
    walk.type('pc', 'Stop-Service SharedAccess -Force')
    expect(walk.type('pc', 'wsl ping -c 1 -W 1 192.168.3.1')).toContain(' 0 received')
    walk.type('pc', 'Start-Service SharedAccess')
    expect(walk.type('pc', 'wsl ping -c 1 192.168.3.1')).toContain(' 1 received')
  })

  it('gets another address after --shutdown, keeps its files, and a new network after a restart of the computer', () => {
    const { type } = firstLab()
    type('pc', 'wsl -- echo kept ">" note')
    expect(type('pc', 'wsl -l -v')).toBe('  NAME      STATE           VERSION\n* Ubuntu    Running         2\n')
    const address = type('pc', 'wsl hostname -I')
    const network = type('pc', '(Get-HnsNetwork | ? Name -eq WSL).Subnets.AddressPrefix')
    expect(type('pc', 'wsl --shutdown')).toBe('')
    expect(type('pc', 'wsl -l -v')).toContain('* Ubuntu    Stopped         2\n')
    expect(type('pc', '(Get-HnsNetwork | ? Name -eq WSL).Subnets.AddressPrefix')).toBe(network)
    expect(type('pc', 'wsl cat note; wsl hostname -I')).toMatch(/^kept\n[\d.]+ \n$/)
    expect(type('pc', 'wsl hostname -I')).not.toBe(address)
    type('pc', 'Restart-Computer -Force')
    expect(type('pc', 'Get-NetAdapter | % Name')).not.toContain('WSL')
    expect(type('pc', 'wsl cat note')).toBe('kept\n')
    expect(type('pc', '(Get-HnsNetwork | ? Name -eq WSL).Subnets.AddressPrefix')).not.toBe(network)
  })

  it('is the same when the lab is put away after every line', () => {
    const LINES = [
      'wsl',
      'ping -c 2 www.example.com | tail -n 2; cat /etc/resolv.conf',
      'echo a > a; sudo ip link set eth0 down; sudo ip link set eth0 up; ip -br addr',
      'f() { echo "f $1"; }',
      'f 3',
      'exit',
      'wsl ip a',
      'wsl --terminate Ubuntu; wsl -l -v; wsl cat a',
      'Restart-Computer -Force',
      'wsl ping -c 1 192.168.3.1; Get-NetAdapter',
    ]
    const [one, two] = [false, true].map((away) => {
      const { type, lab } = firstLab(away, 7)
      return { said: LINES.map((line) => type('pc', line)), digest: lab().digest() }
    })
    expect(one).toEqual(two)
    expect(one?.said[4]).toBe('f 3\n')
  })

  it('goes on waiting in the middle of a line when the lab is put away', () => {
    const { type, lab } = firstLab(true)
    type('pc', 'wsl')
    type('pc', 'ping -i 1 192.168.3.1')
    type('pc:2', 'Start-Sleep 3')
    lab().interrupt('pc')
    expect(type('pc', 'echo there')).toContain('there\n')
  })

  it('is kept apart from the Default Switch until forwarding is enabled on both', () => {
    const { type } = firstLab(true)
    const guest = /inet ([\d.]+)/.exec(type('ubuntu1', 'ip -4 addr show eth0'))?.[1]
    const asks = () => type('pc', `wsl ping -c 1 -W 1 ${guest}`)
    expect(asks()).toContain(' 0 received')
    type('pc', "Set-NetIPInterface -InterfaceAlias 'vEthernet (WSL)' -Forwarding Enabled")
    expect(asks()).toContain(' 0 received')
    type('pc', "Set-NetIPInterface -InterfaceAlias 'vEthernet (Default Switch)' -Forwarding Enabled")
    expect(asks()).toContain(' 1 received')
    expect(type('ubuntu1', 'ping -c 1 -W 1 192.0.2.80')).toContain(' 1 received')
  })

  it('is one of what the Host Compute Service runs', () => {
    const { type } = firstLab()
    expect(type('pc', 'hcsdiag list').match(/, VMMS\n/g)?.length).toBe(3)
    type('pc', 'wsl hostname')
    expect(type('pc', 'hcsdiag list')).toContain('790E58B4-7939-4434-9358-89AE7DDBE87E, WSL\n')
    type('pc', 'wsl --shutdown; Stop-VM ubuntu1 -TurnOff')
    expect(type('pc', 'hcsdiag list').match(/Running/g)?.length).toBe(2)
  })

  it('says when it is gone, and what is wrong', () => {
    const { type } = firstLab()
    type('pc', 'wsl')
    type('pc:2', 'wsl --shutdown')
    expect(type('pc', 'ls')).toBe('[process exited with code 1 (0x00000001)]\n')
    expect(type('pc', 'wsl -d Debian')).toContain('There is no distribution with the supplied name.')
    expect(type('pc', 'wsl --nosuch')).toContain('Invalid command line option: --nosuch')
    expect(type('win1', 'wsl')).toContain('Error code: Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED')
    expect(type('pc', 'wsl -e nosuchthing; $LASTEXITCODE')).toMatch(/nosuchthing: command not found\n127\n$/)
    expect(type('pc', 'wsl ip a | Select-String eth0 | % { "<$($_.Line.Substring(0, 8))>" }')).toContain('<2: eth0:>')
  })
})

describe('wsl of build 18362', () => {
  const type = firstLab(false, 1, ofBuild(18_362)).type

  it('shows the adapters of Windows, down ones without flags, Wi-Fi by its own kind', () => {
    const said = type('pc', 'wsl ip address')
    expect(said).toContain(
      '23: eth1: <BROADCAST,MULTICAST,UP> mtu 1500 group default qlen 1\n    link/ether c4:c6:e6:30:3f:37\n    inet 192.168.3.50/24 brd 192.168.3.255 scope global dynamic \n       valid_lft forever preferred_lft forever\n',
    )
    expect(said).toMatch(/\d+: wifi0: <> mtu 1500 group default qlen 1\n {4}link\/ieee802\.11 /)
    expect(type('pc', 'wsl -l -v')).toContain('1\n')
    expect(type('pc', 'Get-NetAdapter | % Name')).not.toContain('WSL')
  })

  it('mirrors the table of Windows, the default route with a full mask', () => {
    const said = type('pc', 'wsl netstat -rn')
    expect(said).toContain('0.0.0.0         192.168.3.1     255.255.255.255 U ')
    for (const row of ['192.168.3.0', '192.168.3.50', '192.168.3.255', '224.0.0.0', '255.255.255.255'])
      expect(said).toContain(`\n${row} `)
  })

  it('sends from Windows itself, and changes nothing there', () => {
    expect(type('pc', 'wsl ping -c 1 192.168.3.1')).toContain(' 1 received')
    expect(type('pc', 'wsl sudo ip addr add 10.0.0.1/24 dev eth1')).toContain('Operation not permitted')
    type('pc', 'wsl')
    expect(type('pc', 'echo x > y; ls')).toBe('y\n')
    type('pc', 'exit')
  })
})

describe('a computer without a running hypervisor', () => {
  it('has no wsl of version 2', () => {
    const { type } = firstLab()
    type('pc', 'bcdedit /set hypervisorlaunchtype off; Restart-Computer -Force')
    expect(type('pc', 'wsl hostname')).toContain('HCS_E_HYPERV_NOT_INSTALLED')
  })
})
