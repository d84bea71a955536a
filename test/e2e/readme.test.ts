// What the README lets people type into a shell prints what the README says that it prints.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalServer, startServer } from '../../scripts/local-server.ts'

const readme = readFileSync('README.md', 'utf8')
const section = (title: string) => readme.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
/** The code blocks of a section: what is typed, and what it prints. */
const blocks = (title: string) => [...section(title).matchAll(/```\w*\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')

describe('the scripts of the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchroom-readme-'))
  let server: LocalServer
  let functions = ''

  beforeAll(async () => {
    server = await startServer({ dataDir: join(folder, 'data'), demo: true, quiet: true })
    const [script = ''] = blocks('Grading by script')
    functions = script.split('\n\n')[0]?.replace(/url=\S+/, `url=${server.url}`) ?? ''
  })
  afterAll(async () => {
    await server.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  async function run(script: string): Promise<string> {
    const env = { ...process.env, KEY: server.demo?.apiKey, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` }
    const { stdout } = await promisify(execFile)('bash', ['-c', `${functions}\n${script}`], { cwd: folder, env })
    return stdout
  }

  /** UPDATE_GOLDEN=1 npm run test:e2e -- readme: then read what git says has changed. */
  function holds(printed: string, output: string): void {
    if (process.env['UPDATE_GOLDEN'])
      writeFileSync(
        'README.md',
        readFileSync('README.md', 'utf8').replace(printed, () => output),
      )
    else expect(output).toBe(printed)
  }

  test('grading: the last lines of a run', async () => {
    const [script = '', printed = ''] = blocks('Grading by script')
    const output = await run(script.split('\n\n').slice(1).join('\n\n'))
    holds(printed, `${output.trimEnd().split('\n').slice(-6).join('\n')}\n`)
  })

  test('going back, and asking why', async () => {
    const [script = '', printed = ''] = blocks('Going back, and asking why')
    holds(printed, await run(script))
  })
})
