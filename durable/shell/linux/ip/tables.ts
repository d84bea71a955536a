// Names of route tables and of who made a route (rt_tables, rt_protos).

const TABLES: { readonly [table: number]: string } = { 0: 'unspec', 253: 'default', 254: 'main', 255: 'local' }
export const tableText = (table: number): string => TABLES[table] ?? String(table)
export function tableNumber(text: string): number | undefined {
  const known = Object.entries(TABLES).find(([, name]) => name === text)
  if (known) return Number(known[0])
  return /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff ? Number(text) : undefined
}

const PROTOCOLS: { readonly [protocol: number]: string } = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  8: 'gated',
  9: 'ra',
  11: 'zebra',
  12: 'bird',
  16: 'dhcp',
  186: 'bgp',
  188: 'ospf',
  189: 'rip',
}
export const protocolText = (protocol: number): string => PROTOCOLS[protocol] ?? String(protocol)
export function protocolNumber(text: string): number | undefined {
  const known = Object.entries(PROTOCOLS).find(([, name]) => name === text)
  return known ? Number(known[0]) : /^\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : undefined
}
