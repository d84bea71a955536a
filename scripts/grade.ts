// npm run grade -- FILE.switchroom [--rubric FILE] [--against FILE] [--json]: grades an exported lab from the file alone.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { differences, gradeArchive, type Told } from '../durable/grading/archive.ts'

const usage = `npm run grade -- FILE.switchroom [--rubric FILE] [--against FILE] [--without-chain] [--json]

Grades a lab that was exported, by its own checks or by a rubric, from the file alone. The digest is the one that the service
answers for the same lab, rubric and engine. Ends with 1 when the file, its journal or the rubric is refused.

--against FILE    a grade as the service told it: grade.json of a submission, or the answer of /grade. Ends with 1 and says what
                  differs unless it is the same grade. Nothing else proves that a file is what was handed in: hashes in it show
                  damage and careless changes, but whoever makes a file can compute them anew.
--without-chain   grades a file whose journal has no hashes, too: of before there were any`

const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rubric: { type: 'string' },
        against: { type: 'string' },
        'without-chain': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch {
    return fail([usage], 2)
  }
})()
const [file, ...more] = positionals
if (file === undefined || more.length > 0) fail([usage], 2)

const withoutChain = values['without-chain']
const rubric = values.rubric === undefined ? undefined : read(values.rubric).toString()
const graded = gradeArchive(read(file), { rubric, withoutChain })
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
if (values.against !== undefined) {
  const differing = differences(graded, toldIn(values.against))
  if (differing.length > 0) fail([`This is not the grade of ${values.against}.`, ...differing], 1)
  if (!values.json) console.log(`the same grade as in ${values.against}`)
} else if (!values.json)
  console.log(
    withoutChain
      ? 'The journal may have been changed: its hashes were not asked for. Compare with what the service told: --against.'
      : 'The journal fits its hashes, but those can be computed anew. Compare with what the service told: --against.',
  )

function toldIn(path: string): Told {
  try {
    return JSON.parse(read(path).toString()) as Told
  } catch {
    return fail([`${path}: is no JSON`], 2)
  }
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
