// npm run bench [-- [--json] [NAME ...]]
import { benchmarks } from './index.ts'

const args = process.argv.slice(2)
const json = args.includes('--json')
const wanted = args.filter((arg) => !arg.startsWith('--'))
const unknown = wanted.filter((name) => !benchmarks.some((bench) => bench.name === name))
if (unknown.length > 0) {
  console.error(`no benchmark is named ${unknown.join(', ')}; there are: ${benchmarks.map((bench) => bench.name).join(' ')}`)
  process.exit(2)
}

const text = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3))

for (const bench of benchmarks) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue
  const { value, unit, reference, referenceIs, runs } = await bench.run()
  const ratio = value / reference
  if (json) console.log(JSON.stringify({ bench: bench.name, value, unit, reference, ratio, runs }))
  else {
    console.log(`${bench.name.padEnd(24)} ${text(value).padStart(14)} ${unit}`)
    console.log(
      `${''.padEnd(24)} ${bench.says}; ${ratio.toPrecision(3)} of ${text(reference)} (${referenceIs}); median of ${runs}`,
    )
  }
}
