// grade.ts LAB.yaml COMMANDS.txt: makes the lab, types the commands, has it graded, prints JUnit. Ends with 0 for full points, 1 for
// less, 2 when it could not be graded.
import { readFileSync } from 'node:fs'
import { followJob, type Switchroom, SwitchroomProblem, switchroom, type, value } from '../../client/switchroom.ts'

const [labFile, commandFile] = process.argv.slice(2)
const { SWITCHROOM_URL: url, SWITCHROOM_KEY: key, KEEP_LAB: keep } = process.env
if (labFile === undefined || commandFile === undefined || url === undefined || key === undefined) {
  console.error('SWITCHROOM_URL=… SWITCHROOM_KEY=… grade.ts LAB.yaml COMMANDS.txt')
  process.exit(2)
}

/** `pc> ipconfig` on each line. */
function commandsIn(text: string): { console: string; line: string }[] {
  return text.split('\n').flatMap((raw, at) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const found = /^([a-z0-9:-]+)> (.+)$/.exec(line)
    if (found === null) throw new Error(`${commandFile}, line ${at + 1}: write CONSOLE> COMMAND`)
    return [{ console: found[1], line: found[2] }]
  })
}

async function grade(api: Switchroom): Promise<number> {
  const definition = readFileSync(labFile, 'utf8')
  const commands = commandsIn(readFileSync(commandFile, 'utf8'))
  const lab = await value(api.v1.labs.$post({ json: { definition, seed: 1 } }))
  try {
    for (const { console: where, line } of commands) {
      const { exitStatus } = await type(api, lab.id, where, line)
      console.error(`${where}> ${line}${exitStatus === 0 ? '' : `   (exit status ${exitStatus})`}`)
    }
    const { job } = await value(api.v1.grading.jobs.$post({ json: { labs: [lab.id] } }))
    const ended = await followJob(api, job.id)
    const junit = await api.v1.jobs[':job']['junit.xml'].$get({ param: { job: job.id } })
    process.stdout.write(await junit.text())
    if (ended.failed > 0) return 2
    const { results } = await value(api.v1.jobs[':job'].results.$get({ param: { job: job.id }, query: {} }))
    const { points = 0, of = 0 } = results[0] ?? {}
    console.error(`${points} of ${of} points`)
    return points >= of ? 0 : 1
  } finally {
    if (keep === undefined) await api.v1.labs[':id'].$delete({ param: { id: lab.id } })
    else console.error(`${url}/labs/${lab.id}`)
  }
}

try {
  process.exitCode = await grade(switchroom(url, key))
} catch (error) {
  const where = error instanceof SwitchroomProblem && error.line !== undefined ? `${labFile}, line ${error.line}: ` : ''
  console.error(`${where}${(error as Error).message}`)
  process.exitCode = 2
}
