// npm run variants -- DIR [OPTIONS]: solves a lab from many seeds by its own solution.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faultText } from '../durable/definition/parse.ts'
import { Solver } from '../durable/walk/solver.ts'

const help = `npm run variants -- DIR [OPTIONS]   builds, solves and grades a lab from many seeds
  --count N         how many seeds (default 100)
  --from SEED       the first one (default 1)
  --solution FILE   another script than DIR/solutions/walk.script
  --show            print the values of each seed
  Exit codes: 0 every variant is solvable and none is solved when it begins; 1 that is not so; 2 these options are wrong.`

function refuse(message: string): never {
  console.error(`${message}\n\n${help}`)
  process.exit(2)
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        count: { type: 'string', default: '100' },
        from: { type: 'string', default: '1' },
        solution: { type: 'string' },
        show: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    const [folder] = positionals
    if (folder === undefined || positionals.length !== 1) return refuse('Name one folder, such as labs/one-way-traffic.')
    const [count, from] = [Number(values.count), Number(values.from)]
    if (!Number.isInteger(count) || count < 1) return refuse(`"${values.count}" is not a number of seeds.`)
    if (!Number.isInteger(from) || from < 0 || from + count > 0x1_0000_0000) return refuse(`"${values.from}" is not a seed.`)
    const solution = values.solution ?? join(folder, 'solutions', 'walk.script')
    for (const file of [join(folder, 'lab.yaml'), solution]) if (!existsSync(file)) return refuse(`There is no ${file}.`)
    return { folder, count, from, solution, show: values.show }
  } catch (error) {
    return refuse((error as Error).message)
  }
}

const { folder, count, from, solution, show } = readOptions()
const made = Solver.of(readFileSync(join(folder, 'lab.yaml'), 'utf8'), readFileSync(solution, 'utf8'))
if (!made.ok) {
  for (const fault of made.faults) console.error(`${folder}/lab.yaml: ${faultText(fault)}`)
  process.exit(1)
}
const outcomes = new Map<string, number>()
const began = process.cpuUsage()
for (let seed = from; seed < from + count; seed++) {
  const { outcome, variant, missed, points, of } = made.solver.solve(seed)
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  if (!show && outcome === 'solved') continue
  console.log(
    `seed ${seed}: ${outcome}, ${points} of ${of} points; ${variant.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
  )
  for (const one of missed) console.log(`  ${one}`)
}
const { user, system } = process.cpuUsage(began)
const told = [...outcomes].map(([outcome, many]) => `${many} ${outcome}`).join(', ')
console.log(
  `${folder}: ${made.solver.capacity} variants; of ${count} seeds ${told}; ${((user + system) / 1000 / count).toFixed(1)} ms of processor time each`,
)
process.exit(outcomes.size === 1 && outcomes.has('solved') ? 0 : 1)
