// Files, data formats and the small cmdlets of scripts.
import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'

const run = (line: string) => fakeConsole().type(line)

describe('into files', () => {
  test.each([
    ['Set-Content C:\\a.txt one; Add-Content C:\\a.txt two,3; Get-Content C:\\a.txt', 'one\ntwo\n3\n'],
    ['"x" | Set-Content C:\\a.txt -NoNewline; (Get-Content C:\\a.txt -Raw).Length', '1\n'],
    ['1,2 | Out-File C:\\a.txt; 3 | Out-File C:\\a.txt -Append; Get-Content C:\\a.txt', '1\n2\n3\n'],
    ['1,2 | Tee-Object C:\\a.txt; Get-Content C:\\a.txt', '1\n2\n1\n2\n'],
    ['1,2 | Tee-Object -Variable t; $t.Count', '1\n2\n2\n'],
    [
      'Get-VM vm1 | Select Name,State | Export-Csv C:\\v.csv -NoTypeInformation; Get-Content C:\\v.csv',
      '"Name","State"\n"vm1","Running"\n',
    ],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test('what may not be written over is not', () => {
    expect(run('1 | Out-File C:\\a.txt; 2 | Out-File C:\\a.txt -NoClobber; Get-Content C:\\a.txt')).toMatch(
      /already exists[\s\S]*\n1\n$/,
    )
  })
})

describe('data', () => {
  test.each([
    [`ConvertFrom-Json '{"a":[1,2],"b":{"c":"x"}}' | % { $_.a.Count; $_.b.c }`, '2\nx\n'],
    [`'[1,2]' | ConvertFrom-Json | % { $_ }`, '1\n2\n'],
    [`[pscustomobject]@{a='x "y"';b=$null} | ConvertTo-Csv -NoTypeInformation`, '"a","b"\n"x ""y""",\n'],
    ['Compare-Object 1,2 2,3 | % { "$($_.InputObject) $($_.SideIndicator)" }', '3 =>\n1 <=\n'],
    ['Compare-Object a A -IncludeEqual | % SideIndicator', '==\n'],
    ['(New-Object psobject -Property @{a=1}).a', '1\n'],
    ['(Measure-Command { Start-Sleep 2 }).TotalSeconds -ge 0', 'True\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test('what is no JSON is an error', () => {
    expect(run("ConvertFrom-Json '{'")).toContain('ConvertFrom-Json : Invalid JSON primitive: {.')
  })
})

describe('errors and warnings of scripts', () => {
  test('Write-Error is an error of the script', () => {
    expect(run('Write-Error "bad"; $?')).toMatch(/^Write-Error : bad\n[\s\S]*False\n$/)
    expect(run('try { Write-Error bad -ErrorAction Stop } catch { "got $_" }')).toBe('got bad\n')
    expect(run('Write-Warning "mind"')).toBe('WARNING: mind\n')
  })
})

describe('types', () => {
  test.each([
    ['([datetime]"2024-02-29").DayOfWeek', 'Thursday\n'],
    ['([datetime]"1/2/2025 3:04 PM").ToString("yyyy-MM-dd HH:mm")', '2025-01-02 15:04\n'],
    ['([datetime]"2025-01-02") - ([datetime]"2025-01-01") | % TotalHours', '24\n'],
    ['([timespan]"1.02:03:04").TotalSeconds', '93784\n'],
    [
      '([ipaddress]"10.0.0.1").IPAddressToString; ([ipaddress]"::1").AddressFamily; [ipaddress]"10.0.0.2" | % Address',
      '10.0.0.1\nInterNetworkV6\n33554442\n',
    ],
    ['"$([ipaddress]16777226)"', '10.0.0.1\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test.each([
    ['[datetime]"2025-02-30"', 'String was not recognized as a valid DateTime.'],
    ['[timespan]"25:00:00"', 'String was not recognized as a valid TimeSpan.'],
    ['[ipaddress]"10.0.0.300"', 'An invalid IP address was specified.'],
  ])('%s', (line, why) => expect(run(line)).toContain(why))
})
