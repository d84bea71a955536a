// The same scripts in the machine's own bash and on a simulated guest: what they print and how they end.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCRIPTS } from './bash-parity-scripts.ts'
import { LinuxLab } from './linux-lab.ts'

/** Undefined: there is one that these scripts were written for. */
function whyNot(): string | undefined {
  try {
    const major = execFileSync('bash', ['-c', 'echo $BASH_VERSINFO'], { encoding: 'utf8' }).trim()
    return Number(major) >= 5 ? undefined : `the machine's bash is version ${major}, 5 is wanted`
  } catch {
    return 'the machine has no bash'
  }
}

type Answer = { readonly output: string; readonly status: number }

/** Quotation marks are the locale's; folders of the two sides have different names. */
const plain = (text: string, folder: string): string => text.replaceAll(folder, '/w').replace(/[‘’]/g, "'")

function real(script: string): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'bash-parity-'))
  try {
    const env = { HOME: '/home/student', PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', USER: 'student', TERM: 'dumb' }
    // One pipe for both, so that lines come in the order they were written.
    const done = spawnSync('bash', ['-c', 'exec 2>&1; exec bash -c "$1" < /dev/null', 'x', script], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 10_000,
    })
    return { output: plain(done.stdout, folder), status: done.status ?? 128 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const lab = new LinuxLab()

function simulated(script: string): Answer {
  lab.type('alpha', 'cd; rm -rf /tmp/parity; mkdir /tmp/parity; cd /tmp/parity')
  const printed = lab.type(
    'alpha',
    `bash -c '${script.replaceAll("'", "'\\''")}' 2>&1 < /dev/null | cat; echo "[${'$'}{PIPESTATUS[0]}]"`,
  )
  const found = /\[(\d+)\]\n$/.exec(printed)
  return { output: plain(printed.slice(0, found?.index), '/tmp/parity'), status: Number(found?.[1] ?? -1) }
}

const missing = whyNot()
if (missing !== undefined) console.log(`bash-parity: skipped, ${missing}`)

describe.skipIf(missing !== undefined).each(Object.entries(SCRIPTS))('%s', (_group, scripts) => {
  it.each(scripts)('%s', (script) => {
    expect(simulated(script)).toEqual(real(script))
  })
})
