export { LabHost } from '../durable/lab-host.ts'

export default {
  fetch: () => Response.json({ title: 'Not found', status: 404 }, { status: 404 }),
}
