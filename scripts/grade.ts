// npm run grade -- FILE.switchroom [--rubric FILE] [--json]: grades an exported lab from the file alone.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gradeArchive } from '../durable/grading/archive.ts'

const usage = `npm run grade -- FILE.switchroom [--rubric FILE] [--json]

Grades a lab that was exported, by its own checks or by a rubric, from the file alone. The digest is the one that the service
answers for the same lab, rubric and engine. Ends with 1 when the file, its journal or the rubric is refused.`

const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { rubric: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
  } catch {
    return fail([usage], 2)
  }
})()
const [file, ...more] = positionals
if (file === undefined || more.length > 0) fail([usage], 2)

const graded = gradeArchive(read(file), values.rubric === undefined ? undefined : read(values.rubric).toString())
if (!('results' in graded)) fail(graded, 1)
if (values.json) console.log(JSON.stringify(graded, null, 2))
else {
  for (const { outcome, title, points, of, message, hints, evidence } of graded.results) {
    const paid = hints.cost > 0 ? ` (${hints.taken} hints, -${hints.cost})` : ''
    const lines = evidence.lines.length > 0 ? ` [lines ${evidence.lines.join(', ')}]` : ''
    const packets =
      evidence.packets.length > 0
        ? ` [${evidence.trial ? 'packets of a copy' : 'packets'} ${[...new Set(evidence.packets.map((one) => one.packet))].join(', ')}]`
        : ''
    console.log(
      `${outcome.padEnd(14)} ${`${points}/${of}`.padStart(7)}  ${title}${paid}\n${' '.repeat(24)}${message}${lines}${packets}`,
    )
  }
  console.log(`${''.padEnd(14)} ${`${graded.score}/${graded.of}`.padStart(7)}  points`)
  console.log(`engine ${graded.engine}, journal ${graded.chain}\ndigest ${graded.digest}`)
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    return fail([`${path}: ${error instanceof Error ? error.message : String(error)}`], 2)
  }
}

function fail(messages: readonly string[], status: number): never {
  for (const message of messages) console.error(message)
  process.exit(status)
}
