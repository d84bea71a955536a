import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const organisation = sqliteTable('organisation', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Where its labs must live; null: anywhere. */
  jurisdiction: text('jurisdiction', { enum: ['eu', 'fedramp', 'us'] }),
  createdAt: integer('created_at').notNull(),
})

export const person = sqliteTable('person', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
})
