/** The aliases of Windows PowerShell 5.1 for what stands here, and some for what does not. */
const pairs: readonly (readonly [string, string])[] = [
  ['%', 'ForEach-Object'], ['?', 'Where-Object'], ['cat', 'Get-Content'], ['cd', 'Set-Location'], ['chdir', 'Set-Location'], ['clear', 'Clear-Host'],
  ['cls', 'Clear-Host'], ['curl', 'Invoke-WebRequest'], ['del', 'Remove-Item'], ['dir', 'Get-ChildItem'], ['echo', 'Write-Output'], ['fl', 'Format-List'],
  ['foreach', 'ForEach-Object'], ['ft', 'Format-Table'], ['fw', 'Format-Wide'], ['gal', 'Get-Alias'], ['gc', 'Get-Content'], ['gci', 'Get-ChildItem'],
  ['gcm', 'Get-Command'], ['ghy', 'Get-History'], ['gip', 'Get-NetIPConfiguration'], ['gl', 'Get-Location'], ['gm', 'Get-Member'], ['group', 'Group-Object'],
  ['gu', 'Get-Unique'], ['gv', 'Get-Variable'], ['h', 'Get-History'], ['help', 'Get-Help'], ['history', 'Get-History'], ['kill', 'Stop-Process'], ['ls', 'Get-ChildItem'],
  ['man', 'Get-Help'], ['measure', 'Measure-Object'], ['oh', 'Out-Host'], ['ps', 'Get-Process'], ['pwd', 'Get-Location'], ['select', 'Select-Object'],
  ['sl', 'Set-Location'], ['sleep', 'Start-Sleep'], ['sls', 'Select-String'], ['sort', 'Sort-Object'], ['tee', 'Tee-Object'], ['tnc', 'Test-NetConnection'], ['type', 'Get-Content'],
  ['wget', 'Invoke-WebRequest'], ['where', 'Where-Object'], ['write', 'Write-Output'],
]

export const aliases: ReadonlyMap<string, string> = new Map(pairs)
