// npm run lab -- DIR [OPTIONS]: a lab in this process, without a browser or a Worker: types its script and prints what came.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { faultText, parseDefinition } from '../durable/definition/parse.ts'
import { definitionFaults } from '../durable/definition/variants/index.ts'
import { parseFilter } from '../durable/engine/wire/filter/index.ts'
import { scriptFor } from '../durable/walk/for-variant.ts'
import { rename } from '../durable/walk/script.ts'
import { Transcript, Walk } from '../durable/walk/walk.ts'
import { framesText } from './lab-frames.ts'

const help = `npm run lab -- DIR [OPTIONS]     types the lab's script and prints the transcript
  --script FILE     another script than DIR/solutions/walk.script ("-": standard input)
  --seed N          the seed of the lab (default 1)
  --pcap FILE       write what every adapter saw, as pcapng
  --frames FILTER   after each line, the frames that it caused and a display filter lets pass ('': all)
  --check           run the lab's checks at the end and print them
  --rename OLD=NEW  use another name for a machine or host (may be repeated)
npm run lab -- --validate DIR    says what is wrong with the lab, with line and field
  Exit codes: 0 fine; 1 the lab is wrong, a step was not possible or a check does not pass; 2 these options are wrong.`

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        script: { type: 'string' },
        seed: { type: 'string', default: '1' },
        pcap: { type: 'string' },
        frames: { type: 'string' },
        check: { type: 'boolean', default: false },
        rename: { type: 'string', multiple: true, default: [] },
        validate: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    const [folder] = positionals
    if (positionals.length !== 1) return refuse('Name one folder, such as labs/default-switch.')
    const seed = Number(values.seed)
    if (!/^\d+$/.test(values.seed) || seed > 0xffff_ffff) return refuse(`"${values.seed}" is not a seed: 0 to 4294967295.`)
    const parsed = parseFilter(values.frames ?? '')
    if (!parsed.ok) return refuse(`--frames: ${parsed.message} (at character ${parsed.at + 1}).`)
    const filter = values.frames === undefined ? undefined : parsed.filter
    const names = values.rename.map((pair) => /^([^=]+)=(.+)$/.exec(pair) ?? refuse(`"${pair}" is not OLD=NEW.`))
    return { ...values, folder, seed, filter, names: new Map(names.map(([, from, to]) => [from, to])) }
  } catch (error) {
    return refuse((error as Error).message)
  }
}

function refuse(message: string): never {
  console.error(`${message}\n\n${help}`)
  process.exit(2)
}

function fail(...lines: readonly string[]): never {
  for (const line of lines) console.error(line)
  process.exit(1)
}

const read = (file: string | number): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return fail((error as Error).message)
  }
}

const options = readOptions()
const isFile = existsSync(options.folder) && statSync(options.folder).isFile()
const definitionFile = isFile ? options.folder : join(options.folder, 'lab.yaml')
if (options.validate) validate()
else await run()

/** The definition, and whether the scripts beside it speak of terminals and links that it has. */
function validate(): never {
  const yaml = read(definitionFile)
  const wrongs = definitionFaults(yaml)
  const parsed = parseDefinition(yaml, options.seed)
  if (!parsed.ok || wrongs.length > 0) fail(...wrongs.map((fault) => `${definitionFile}: ${faultText(fault)}`))
  const { machines, cables, checks } = parsed.definition
  const terminals = new Set(machines.filter((one) => one.console).map((one) => one.name))
  const links = new Set(cables.map((one) => one.name))
  const solutions = join(options.folder, 'solutions')
  const scripts = !isFile && existsSync(solutions) ? readdirSync(solutions).filter((name) => name.endsWith('.script')) : []
  const faults = scripts.flatMap((name) => {
    const file = join(solutions, name)
    const script = scriptFor(read(file), parsed.variant)
    const wrong = script.steps.flatMap((step) => {
      if ((step.kind === 'plug' || step.kind === 'unplug') && !links.has(step.link))
        return [{ line: step.line, reason: `no cable is named ${step.link}` }]
      if (step.kind === 'type' && !terminals.has(step.console.split(':')[0] as string))
        return [{ line: step.line, reason: `there is no terminal on ${step.console}` }]
      return []
    })
    return [...script.faults, ...wrong].map(({ line, reason }) => `${file}: line ${line}: ${reason}`)
  })
  if (!isFile && !existsSync(join(options.folder, 'brief.md'))) faults.push(`${options.folder}: has no brief.md`)
  if (faults.length > 0) fail(...faults)
  console.log(
    `${definitionFile}: ${machines.length} machines, ${cables.length} cables, ${checks.length} checks; nothing is wrong`,
  )
  process.exit(0)
}

async function run(): Promise<never> {
  const { openRuntime } = await import('../durable/runtime.ts')
  const { names, seed, script: wanted } = options
  const opened = openRuntime(rename(read(definitionFile), names), seed)
  if (!opened.ok) fail(...opened.faults.map((fault) => `${definitionFile}: ${faultText(fault)}`))
  const scriptFile = wanted ?? join(options.folder, 'solutions', 'walk.script')
  const { steps, faults } = scriptFor(rename(read(wanted === '-' ? 0 : scriptFile), names), opened.variant)
  if (faults.length > 0) fail(...faults.map(({ line, reason }) => `${scriptFile}: line ${line}: ${reason}`))

  for (const { name, value, title } of opened.variant.values)
    console.error(`${name} = ${value}${title === '' ? '' : `: ${title}`}`)
  const walk = new Walk(opened.lab)
  const transcript = new Transcript()
  walk.play(steps, (told) => {
    process.stdout.write(transcript.add(told))
    if (options.filter) process.stdout.write(framesText(told, walk.lab, options.filter))
  })
  let wrong = walk.told.some(({ fault }) => fault !== '')
  if (options.pcap !== undefined) wrong = !writeCapture(walk, options.pcap) || wrong
  if (options.check) wrong = !printChecks(walk) || wrong
  process.exit(wrong ? 1 : 0)
}

function writeCapture(walk: Walk, file: string): boolean {
  writeFileSync(file, walk.capture())
  const places = walk.lab.vantages.length
  console.error(`\n${relative('.', file) || file}: ${walk.sightings.length} packets seen at ${places} places`)
  if (walk.lost > 0) console.error(`${walk.lost} more were overwritten before they could be gathered`)
  return walk.lost === 0
}

function printChecks(walk: Walk): boolean {
  const outcomes = walk.check()
  console.log()
  for (const { outcome, title, points, of, message } of outcomes)
    console.log(`${outcome.padEnd(14)} ${points}/${of}  ${title}${outcome === 'pass' ? '' : `\n${' '.repeat(20)}${message}`}`)
  const sum = (key: 'points' | 'of') => outcomes.reduce((all, one) => all + one[key], 0)
  console.log(`${''.padEnd(14)} ${sum('points')}/${sum('of')}  points`)
  return outcomes.every(({ outcome }) => outcome === 'pass')
}
