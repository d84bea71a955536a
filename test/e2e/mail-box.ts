import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Letter = { readonly to: string; readonly subject: string; readonly text: string }

/** Takes letters as a service that sends mail over HTTP would. */
export async function startMailBox() {
  const letters: Letter[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      letters.push(JSON.parse(text) as Letter)
      response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`
  return { url, letters, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}
