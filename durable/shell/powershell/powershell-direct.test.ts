// PowerShell Direct: commands in a guest, past every network. The lab is stored and put back after every line, and in the middle of
// lines that wait for a guest.
import { expect, test } from 'vitest'
import { definition, StoredLab } from '../../../test/engine/stored-lab.ts'
import { LabWalk } from '../../engine/test-support/lab-walk.ts'
import { shells } from '../../runtime.ts'

const CREDENTIAL = '$c = New-Object PSCredential("Student", (ConvertTo-SecureString lab-only -AsPlainText -Force))'

function begin(seed = 1) {
  const stored = new StoredLab(seed)
  const type = (line: string, console = 'pc') => {
    const { output, prompt } = stored.exec(console, line)
    return { output, prompt }
  }
  type(CREDENTIAL)
  return type
}

test('a block runs in the guest and its objects come back as copies that say where they are from', () => {
  const type = begin()
  expect(type('Invoke-Command -VMName win1 -Credential $c { hostname }').output).toBe('WIN1\n')
  expect(type('icm -VMName win1 -Credential $c { Get-Service vmicheartbeat }').output).toBe(
    '\nStatus   Name               DisplayName                            PSComputerName\n------   ----               -----------                            --------------\nRunning  vmicheartbeat      Hyper-V Heartbeat Service              win1\n\n\n',
  )
  expect(
    type('$z = 3; icm -VMName win1 -Credential $c { param($q) "$q $using:z $env:COMPUTERNAME" } -ArgumentList 9').output,
  ).toBe('9 3 WIN1\n')
  expect(type('1,2 | icm -VMName win1 -Credential $c { $input | % { $_ * 2 } }').output).toBe('2\n4\n')
})

test('it needs no network', () => {
  const type = begin()
  type('Disconnect-VMNetworkAdapter win1')
  expect(type('icm -VMName win1 -Credential $c { (Get-NetAdapter).Status }').output).toBe('Disconnected\n')
})

test('who is not there, not on, not Windows or not known is told as it is', () => {
  const type = begin()
  expect(type('icm -VMName nosuch -Credential $c { 1 }').output).toContain(
    'Invoke-Command : The input VMName nosuch does not resolve to a single virtual machine.',
  )
  expect(type('icm -VMName ubuntu1 -Credential $c { 1 }').output).toContain(
    '[ubuntu1] An error has occurred which Windows PowerShell cannot handle. A remote session might have ended.',
  )
  expect(
    type(
      '$b = New-Object PSCredential("Student", (ConvertTo-SecureString x -AsPlainText -Force)); icm -VMName win1 -Credential $b { 1 }',
    ).output,
  ).toBe(
    '[win1] The credential is invalid.\n    + CategoryInfo          : OpenError: (win1:String) [], PSDirectException\n    + FullyQualifiedErrorId : PSSessionStateBroken\n \n',
  )
  type('Stop-VM win1 -TurnOff')
  expect(type('icm -VMName win1 -Credential $c { 1 }').output).toContain('The virtual machine win1 is not in running state.')
})

test('errors of the block are the guest’s', () => {
  const type = begin()
  expect(type('icm -VMName win1 -Credential $c { Get-Service nosuch; 5 }').output).toBe(
    "Cannot find any service with service name 'nosuch'.\n    + CategoryInfo          : ObjectNotFound: (nosuch:String) [Get-Service], ServiceCommandException\n    + FullyQualifiedErrorId : NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand\n    + PSComputerName        : win1\n \n5\n",
  )
  expect(type('try { icm -VMName win1 -Credential $c { throw "oh" } -ErrorAction Stop } catch { "caught $_" }').output).toBe(
    'caught oh\n',
  )
})

test('a session remembers; one that was entered has its own prompt', () => {
  const type = begin()
  type('$s = New-PSSession -VMName win1 -Credential $c')
  type('icm -Session $s { $y = 7 }')
  expect(type('icm -Session $s { $y }').output).toBe('7\n')
  expect(type('Enter-PSSession -VMName win1 -Credential $c').prompt).toBe('[win1]: PS C:\\Users\\Student\\Documents> ')
  expect(type('hostname; $k = 1').output).toBe('WIN1\n')
  expect(type('cd \\; $k')).toEqual({ output: '1\n', prompt: '[win1]: PS C:\\> ' })
  expect(type('Exit-PSSession').prompt).toBe('PS C:\\Users\\Student> ')
  expect(type('$k').output).toBe('')
  expect(type('Get-PSSession | % Name').output).toBe('Runspace1\n')
  type('Stop-VM win1 -TurnOff')
  expect(type('icm -Session $s { 1 }').output).toContain('A remote session might have ended.')
  expect(type('Get-PSSession').output).toBe('')
})

test('a guest that is asked in the middle of things answers the same', () => {
  const line = `${CREDENTIAL}; icm -VMName win1 -Credential $c { ping -n 3 192.0.2.80; Test-NetConnection 192.0.2.80 -Port 80; Start-Sleep 2; hostname }`
  const acts = [
    { at: 0, console: 'pc', line },
    { at: 0.5, console: 'win1', line: 'ping -n 2 192.0.2.80' },
    { at: 30, console: 'pc:2', line: `${CREDENTIAL}; icm -VMName win1 -Credential $c { ping -t 192.0.2.80 }` },
    { at: 36, interrupt: 'pc:2' },
    {
      at: 37,
      console: 'pc:2',
      line: 'Stop-Service Dnscache; Restart-Service SharedAccess; Get-WinEvent -LogName System -MaxEvents 2 | % Message',
    },
  ]
  const straight = new LabWalk(definition, 1, shells).play(acts, 60)
  expect(straight.texts.get('pc')).toContain('TcpTestSucceeded : True')
  expect(straight.texts.get('pc')).toContain('WIN1\n')
  expect(straight.texts.get('pc:2')).toMatch(/Reply from 192\.0\.2\.80[\s\S]*Control-C|\^C/)
  for (const every of [7, 3]) {
    const torn = new LabWalk(definition, 1, shells).play(acts, 60, every)
    expect(torn.restored).toBeGreaterThan(10)
    expect(torn.frames).toEqual(straight.frames)
    expect([...torn.texts]).toEqual([...straight.texts])
  }
})
