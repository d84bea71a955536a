// What a command line asks and says: ShouldProcess, missing parameters, the streams beside the output (fact sheet 2.0).
import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'

const asked = (typed: readonly string[], line: string) => {
  const left = [...typed]
  const console = fakeConsole(undefined, { typed: left })
  return { said: console.type(line), changes: console.kernel.calls.filter((call) => !call.startsWith('spawn')), left, console }
}

const CHOICES = '[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help (default is "Y"): '

describe('-WhatIf and -Confirm', () => {
  test('New-VMSwitch -WhatIf says what it would do and does nothing', () => {
    const { said, changes } = asked([], 'New-VMSwitch -Name X -SwitchType Internal -WhatIf')
    expect(said).toBe('What if: New-VMSwitch will create a new virtual switch "X".\n')
    expect(changes).toEqual([])
  })

  test('Remove-VMSwitch asks; Enter takes the default', () => {
    const { said, changes, left } = asked([''], "Remove-VMSwitch 'Lab'; 'after'")
    expect(said).toContain(`\nConfirm\nAre you sure you want to remove virtual switch "Lab"?\n${CHOICES}`)
    expect(left).toEqual([])
    expect(said).toMatch(/after\n$/)
    void changes
  })

  test('No leaves it, help explains, a wrong word is asked again', () => {
    const { said, changes } = asked(
      ['?', 'maybe', 'n'],
      'New-NetNat n -InternalIPInterfaceAddressPrefix 10.9.0.0/24 | Out-Null; Remove-NetNat n',
    )
    expect(said).toBe(
      [
        '',
        'Confirm',
        'Are you sure you want to perform this action?',
        'Performing operation Delete on Target n PolicyStore Local',
        `${CHOICES}Y - Continue with only the next step of the operation.`,
        'A - Continue with all the steps of the operation.',
        'N - Skip this operation and proceed with the next operation.',
        'L - Skip this operation and all subsequent operations.',
        'S - Pause the current pipeline and return to the command prompt. Type "exit" to resume the pipeline.',
        `${CHOICES}${CHOICES}`,
      ].join('\n'),
    )
    expect(changes.some((call) => call.startsWith('removeNetNat'))).toBe(false)
  })

  test('-Confirm:$false and -Force ask nothing', () => {
    expect(
      asked([], 'New-NetNat n -InternalIPInterfaceAddressPrefix 10.9.0.0/24 | Out-Null; Remove-NetNat n -Confirm:$false').said,
    ).toBe('')
    expect(asked([], 'Restart-VM vm1 -Force').said).not.toContain('Confirm')
  })

  test('a wildcard asks for each; Yes to All is for the rest', () => {
    const { said } = asked(['n', 'a'], 'Restart-VM *')
    expect(said.match(/Are you sure/g)).toHaveLength(2)
    expect(asked([], 'Start-VM vm*,win* -WhatIf').said).toBe(
      'What if: Start-VM will start the virtual machine "vm1".\nWhat if: Start-VM will start the virtual machine "win1".\n',
    )
  })

  test('the preference variables', () => {
    expect(asked([], '$WhatIfPreference = $true; Start-VM vm1').said).toBe(
      'What if: Start-VM will start the virtual machine "vm1".\n',
    )
    expect(asked(['n'], "$ConfirmPreference = 'Medium'; Stop-VM vm1").said).toContain('\nConfirm\n')
    expect(asked([], "$ConfirmPreference = 'None'; Restart-VM vm1").said).not.toContain('Confirm')
  })
})

describe('missing mandatory parameters', () => {
  test('are asked for, lists item by item', () => {
    const { said } = asked(['vm1', ''], 'Get-VMNetworkAdapter | % VMName')
    expect(said).toBe(
      '\ncmdlet Get-VMNetworkAdapter at command pipeline position 1\nSupply values for the following parameters:\nVMName[0]: VMName[1]: vm1\n',
    )
  })

  test('of functions, too', () => {
    const { said } = asked(['5'], 'function f { param([Parameter(Mandatory)][int]$N) $N + 1 }; f')
    expect(said).toBe('\ncmdlet f at command pipeline position 1\nSupply values for the following parameters:\nN: 6\n')
  })

  test('an empty text is refused', () => {
    expect(asked([], "New-VMSwitch -Name '' -SwitchType Internal").said).toContain(
      "New-VMSwitch : Cannot bind argument to parameter 'Name' because it is an empty string.",
    )
  })
})

describe('streams', () => {
  test.each([
    [
      'Get-VM nosuch -ErrorVariable e -ErrorAction SilentlyContinue; "$e"; $e.Count',
      'Hyper-V was unable to find a virtual machine with name "nosuch".\n1\n',
    ],
    ['Get-VM nosuch -ea 0; $Error[0].FullyQualifiedErrorId', 'InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM\n'],
    ['Get-VM nosuch -ea Ignore; $Error.Count; $?', '0\nTrue\n'],
    ['Get-VM vm1 -OutVariable o | Out-Null; $o.Name', 'vm1\n'],
    ['Write-Warning a -WarningVariable w; "$w"', 'WARNING: a\na\n'],
    ['Write-Warning a -WarningAction SilentlyContinue', ''],
    ['Write-Verbose a; Write-Verbose b -Verbose', 'VERBOSE: b\n'],
    ["$VerbosePreference = 'Continue'; Write-Verbose a", 'VERBOSE: a\n'],
    ['(Get-VM nosuch 2>&1).CategoryInfo.Category', 'InvalidArgument\n'],
    ['Get-VM nosuch 2>&1 | % { "got $_" }', 'got Hyper-V was unable to find a virtual machine with name "nosuch".\n'],
    ['nosuch 2>$null; "on"', 'on\n'],
    ['& { Write-Warning w; Write-Host h; 1 } *>$null; 2', '2\n'],
    ['& { Write-Warning w; 1 } 3>&1 | % { "<$_>" }', '<w>\n<1>\n'],
    ['Write-Host hi 6>$null', ''],
    ['1/0 2>$null; "on"', 'on\n'],
    [
      'Get-VM nosuch 2> e.txt; (Get-Content e.txt)[0]',
      'Get-VM : Hyper-V was unable to find a virtual machine with name "nosuch".\n',
    ],
    ['Get-VM vm1,win1 -PipelineVariable v | % { $v.Name }', 'vm1\nwin1\n'],
    [
      '$e = $null; try { Get-VM nosuch -ea Stop } catch { $e = $_ }; $e.Exception.GetType().FullName',
      'Microsoft.HyperV.PowerShell.VirtualizationException\n',
    ],
    ['try { 1/0 } catch [DivideByZeroException] { "div" }', 'div\n'],
    ['try { nosuch } catch [System.Management.Automation.CommandNotFoundException] { $_.InvocationInfo.OffsetInLine }', '7\n'],
    ['1/0; $Error.Clear(); $Error.Count', undefined],
  ])('%s', (line, said) => {
    const out = asked([], line).said
    if (said === undefined) expect(out).toMatch(/\n0\n$/)
    else expect(out).toBe(said)
  })

  test('-ErrorAction Stop ends the line, $ErrorActionPreference too', () => {
    expect(asked([], "Get-VM nosuch -ErrorAction Stop; 'ne' + 'ver'").said).not.toContain('never')
    expect(asked([], "$ErrorActionPreference = 'Stop'; Get-VM nosuch; 'ne' + 'ver'").said).not.toContain('never')
    expect(asked([], "$ErrorActionPreference = 'SilentlyContinue'; Get-VM nosuch; 1/0; 'on'").said).toBe('on\n')
  })

  test('an error is the same after the console was stored', () => {
    const console = fakeConsole()
    const first = console.type('Get-VM nosuch')
    Object.assign(console.memory, JSON.parse(JSON.stringify(console.memory)))
    expect(console.type('$Error[0]')).toBe(first)
  })
})
