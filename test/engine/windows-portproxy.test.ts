// `netsh interface portproxy` as in walkthrough T7 (fact sheet 3.7, 5): a guest of the Default Switch is reached from the network.
import { describe, expect, it } from 'vitest'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'
import { WITH_PAGE, walkFirstLab } from './first-lab.ts'

const home = (): Walk => walkFirstLab(WITH_PAGE)

const address = (walk: Walk): string =>
  walk.lab
    .kernel('ubuntu1')
    ?.interfaces()
    .find(({ name }) => name === 'eth0')?.addresses[0]?.address ?? ''

describe('a published port', () => {
  it('relays: silent when entered, shown by show all and netstat, closed by the firewall until a rule opens it', () => {
    const walk = home()
    const guest = address(walk)
    expect(
      walk.type(
        'pc',
        `netsh interface portproxy add v4tov4 listenport=2222 listenaddress=0.0.0.0 connectport=80 connectaddress=${guest}`,
      ),
    ).toBe('\n')
    expect(walk.type('pc', 'netsh interface portproxy show all')).toBe(
      [
        '',
        'Listen on ipv4:             Connect to ipv4:',
        '',
        'Address         Port        Address         Port',
        '--------------- ----------  --------------- ----------',
        `0.0.0.0         2222        ${guest.padEnd(15)} 80`,
        '',
        '',
      ].join('\n'),
    )
    const sockets = walk.type('pc', 'netstat -ano | findstr 2222')
    expect(sockets).toMatch(/ {2}TCP {4}0\.0\.0\.0:2222 {11}0\.0\.0\.0:0 {14}LISTENING {7}3312/)
    expect(walk.type('pc', "netstat -anb | Select-String -Context 0,2 ':2222 '")).toMatch(/iphlpsvc\n.*\[svchost\.exe\]/)
    expect(walk.type('pc', 'curl.exe -s http://localhost:2222/')).toContain('hello from the guest')
    expect(walk.type('desk', 'curl -s -m 3 http://192.168.3.50:2222/')).toBe('')
    walk.type(
      'pc',
      'New-NetFirewallRule -DisplayName "Web 2222" -Direction Inbound -Protocol TCP -LocalPort 2222 -Action Allow | Out-Null',
    )
    const before = walk.lab.nextSighting
    expect(walk.type('desk', 'curl -s -m 3 http://192.168.3.50:2222/')).toContain('hello from the guest')
    // The guest sees the computer's own address on the switch.
    const gateway = walk.lab.kernel('pc')?.hyperV?.hnsNetworks()[0]?.gatewayAddress ?? ''
    const parts = gateway.split('.').map(Number)
    const seen = walk.lab
      .sightings(before)
      .filter(({ vantage, direction }) => walk.lab.vantages[vantage]?.machine === 'ubuntu1' && direction === 'in')
    expect(seen.some(({ bytes }) => parts.every((octet, at) => bytes[26 + at] === octet))).toBe(true)
  })

  it('survives a restart of the computer, though its target moves: then it accepts, and ends', () => {
    const walk = home()
    walk.type('pc', `netsh interface portproxy add v4tov4 2222 ${address(walk)} 80`)
    walk.type('pc', 'New-NetFirewallRule -DisplayName W -Protocol TCP -LocalPort 2222 | Out-Null')
    walk.type('pc', 'Restart-Computer -Force')
    expect(walk.type('pc', 'netsh interface portproxy show v4tov4')).toContain('*               2222')
    expect(walk.type('pc', 'netstat -an | findstr 2222')).toContain('LISTENING')
    expect(walk.type('desk', 'curl -s -m 30 http://192.168.3.50:2222/; echo $?')).toMatch(/^(56|52|28|7)\n$/)
  })

  it('is closed while IP Helper is stopped, for those who are connected too, and open when it runs again', () => {
    const walk = home()
    walk.type('pc', `netsh interface portproxy add v4tov4 2222 ${address(walk)} 80`)
    walk.type('pc', 'New-NetFirewallRule -DisplayName W -Protocol TCP -LocalPort 2222 | Out-Null')
    walk.type('desk', 'nc 192.168.3.50 2222')
    expect(walk.type('pc', 'netstat -an | findstr 2222')).toContain('ESTABLISHED')
    walk.type('pc', 'net stop iphlpsvc')
    expect(walk.type('pc', 'netstat -an | findstr 2222')).toBe('')
    expect(walk.type('pc', 'curl.exe -s http://localhost:2222/; $LASTEXITCODE')).toBe('7\n')
    expect(walk.type('desk:2', 'curl -s -m 5 http://192.168.3.50:2222/; echo $?')).toMatch(/^(7|28)\n$/)
    expect(walk.type('pc', 'netsh interface portproxy show all')).toContain('2222')
    walk.type('pc', 'net start iphlpsvc')
    expect(walk.type('desk:2', 'curl -s -m 5 http://192.168.3.50:2222/')).toContain('hello from the guest')
  })

  it('says what is wrong', () => {
    const walk = home()
    expect(walk.type('pc', 'netsh interface portproxy delete v4tov4 listenport=1 listenaddress=*')).toBe(
      'The system cannot find the file specified.\n\n',
    )
    expect(walk.type('pc', 'netsh int portproxy add v4tov4 listenport=99999 connectaddress=1.2.3.4')).toBe(
      'The parameter is incorrect.\n\n',
    )
    walk.type('pc', 'netsh int portproxy add v4tov4 listenport=81 connectaddress=1.2.3.4')
    expect(walk.type('pc', 'netsh int portproxy dump')).toContain(
      'add v4tov4 listenport=81 connectaddress=1.2.3.4 connectport=81\n',
    )
    walk.type('pc', 'netsh int portproxy reset')
    expect(walk.type('pc', 'netsh int portproxy show all')).toBe('\n')
  })
})

describe('stored in the middle', () => {
  it('a long answer goes on, octet for octet', () => {
    const walk = home()
    walk.type('pc', `netsh interface portproxy add v4tov4 8081 ${address(walk)} 80`)
    walk.type('pc', 'New-NetFirewallRule -DisplayName W -Protocol TCP -LocalPort 8081 | Out-Null')
    const ask = 'curl -s http://192.168.3.50:8081/ | wc -c'
    const whole = walk.type('desk', ask)
    const lab = walk.lab as Lab
    const again = new Walk(new Lab(lab.definition, lab.seed, shells, JSON.parse(JSON.stringify(lab.save()))))
    expect(again.type('desk', ask)).toBe(whole)
  })
})

describe('ports set aside', () => {
  it('are listed, added and refused', () => {
    const walk = home()
    const said = walk.type('pc', 'netsh interface ipv4 show excludedportrange protocol=tcp')
    expect(said).toMatch(
      /^\nProtocol tcp Port Exclusion Ranges\n\nStart Port {4}End Port {6}\n-{10} {4}-{8} {6}\n {6}5357 {8}5357\n/,
    )
    expect(said).toContain('* - Administered port exclusions.\n')
    expect(walk.type('pc', 'netsh int ipv4 add excludedportrange protocol=tcp startport=50000 numberofports=60')).toBe('Ok.\n\n')
    expect(walk.type('pc', 'netsh int ipv4 show excludedportrange tcp')).toContain('     50000       50059     *\n')
    walk.type('pc', 'netsh int portproxy add v4tov4 listenport=50010 connectaddress=1.2.3.4 connectport=80')
    expect(walk.type('pc', 'netstat -an | findstr 50010')).toBe('')
  })
})

describe('netsh interface ipv4', () => {
  it('sets addresses, servers and routes, and gives them back', () => {
    const walk = home()
    expect(walk.type('pc', 'netsh interface ip set address name="Ethernet" dhcp')).toContain(
      'DHCP is already enabled on this interface.',
    )
    expect(walk.type('pc', 'netsh interface ip set address name="Ethernet" static 192.168.3.60 255.255.255.0 192.168.3.1')).toBe(
      '\n',
    )
    expect(walk.type('pc', 'netsh interface ip set dns name="Ethernet" static 192.168.3.1')).toBe('\n')
    expect(walk.type('pc', 'ping -n 1 192.168.3.1')).toContain('Reply from 192.168.3.1')
    const config = walk.type('pc', 'netsh interface ipv4 show config name="Ethernet"')
    expect(config).toContain('    IP Address:                           192.168.3.60\n')
    expect(config).toContain('    Default Gateway:                      192.168.3.1\n')
    expect(walk.type('pc', 'netsh interface ipv4 add dns name="Ethernet" 1.0.0.1 index=2')).toBe('\n')
    expect(walk.type('pc', 'netsh interface ipv4 show dnsservers "Ethernet"')).toMatch(/192\.168\.3\.1\n {42}1\.0\.0\.1\n/)
    expect(walk.type('pc', 'netsh interface ipv4 add route 10.9.9.0/24 "Ethernet" 192.168.3.1')).toBe('Ok.\n\n')
    expect(walk.type('pc', 'netsh interface ipv4 add route 10.9.9.0/24 "Ethernet" 192.168.3.1')).toContain(
      'The object already exists.',
    )
    expect(walk.type('pc', 'netsh interface ipv4 delete route 10.9.9.0/24 "Ethernet"')).toBe('Ok.\n\n')
    expect(walk.type('pc', 'netsh interface ipv4 set address name="Nowhere" dhcp')).toContain(
      'The filename, directory name, or volume label syntax is incorrect.',
    )
    expect(walk.type('pc', 'netsh interface ip set address name="Ethernet" source=dhcp')).toBe('\n')
    expect(walk.type('pc', 'ipconfig')).toContain('192.168.3.50')
  })
})

describe('netsh advfirewall', () => {
  it('shows and sets profiles, adds, shows and deletes rules', () => {
    const walk = home()
    expect(walk.type('pc', 'netsh advfirewall show currentprofile')).toMatch(
      /^\nPublic Profile Settings: \n-{70}\nState {33}ON\nFirewall Policy {23}BlockInbound,AllowOutbound\n/,
    )
    expect(walk.type('pc', 'netsh advfirewall firewall add rule name="Web" dir=in action=allow protocol=TCP localport=80')).toBe(
      'Ok.\n\n',
    )
    expect(walk.type('pc', 'netsh advfirewall firewall show rule name="Web"')).toMatch(
      /^\nRule Name: {32}Web\n-{70}\nEnabled: {34}Yes\nDirection: {32}In\nProfiles: {33}Domain,Private,Public\n/,
    )
    expect(walk.type('pc', 'netsh advfirewall firewall delete rule name=Web')).toBe('\nDeleted 1 rule(s).\nOk.\n\n')
    expect(walk.type('pc', 'netsh advfirewall firewall show rule name=Web')).toBe('\nNo rules match the specified criteria.\n\n')
    expect(walk.type('desk', 'ping -c 1 -W 1 192.168.3.50')).toContain('100% packet loss')
    expect(walk.type('pc', 'netsh advfirewall set allprofiles state off')).toBe('Ok.\n\n')
    expect(walk.type('desk', 'ping -c 1 -W 1 192.168.3.50')).toContain(' 0% packet loss')
  })
})
