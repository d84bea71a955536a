// node scripts/run.mjs scripts/signatures.ts: writes durable/shell/powershell/signatures/ out of the table in scripts/signatures/.
import { writeFileSync } from 'node:fs'
import { files, moduleText } from './signatures/write.ts'

for (const [module, [file]] of Object.entries(files)) {
  writeFileSync(`durable/shell/powershell/signatures/${file}.ts`, moduleText(module))
  console.log(`durable/shell/powershell/signatures/${file}.ts is written`)
}
