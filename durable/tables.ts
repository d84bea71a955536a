import type { LabApi } from './engine/lab/lab-api.ts'
import { tableText } from './engine/lab/tables.ts'
import type { Table, TableName } from './protocol.ts'

/** One table of one machine or switch as the API shows it; undefined when the lab has no such thing. */
export function tableOf(lab: LabApi, machine: string, table: TableName): Table | undefined {
  const found = tableText(lab, machine, table)
  return found && { machine, table, columns: [...found.columns], rows: found.rows.map((row) => [...row]) }
}
