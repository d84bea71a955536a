// service.ts COMMANDS: median milliseconds of a command by the API of the running service, and of GET /health in between. In a
// process of its own, because the service writes its log to the standard output.
import { type Client, hostname, makeLab, milliseconds } from '../client.ts'
import { median } from '../harness.ts'
import { Service } from '../local-service.ts'

const COMMANDS = Number(process.argv[2] ?? 200)
const WARM_UP = 20

async function measure(client: Client): Promise<{ readonly value: number; readonly reference: number }> {
  const id = await makeLab(client, 1)
  const command = () => hostname(client, id)
  const health = async () => void (await client.want(200, 'GET', '/health'))
  for (let i = 0; i < WARM_UP; i++) await command().then(health)
  const commands: number[] = []
  const nothing: number[] = []
  // In turn, so that whatever else the machine does slows both.
  for (let i = 0; i < COMMANDS; i++) {
    commands.push(await milliseconds(command))
    nothing.push(await milliseconds(health))
  }
  return { value: median(commands), reference: median(nothing) }
}

const service = await Service.make()
try {
  console.log(JSON.stringify(await service.run(measure)))
} finally {
  service.remove()
}
