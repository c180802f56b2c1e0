import { setTimeout } from 'node:timers/promises';

import { createPool } from 'mysql2/promise';

export const nameCharactersMax = 60;
export const messageCharactersMax = 500;
export const pageSize = 20;

/** The guestbook's entries in MySQL: `{ id, name, message, createdAt }`, `id` counting up. */
export function createEntries(databaseUrl) {
  const pool = createPool({
    uri: databaseUrl,
    charset: 'utf8mb4',
    timezone: 'Z',
    connectionLimit: 10,
    queueLimit: 200,
    connectTimeout: 5_000,
    enableKeepAlive: true,
  });
  const select = async (where, values, order, limit) => {
    const sql = `select id, name, message, created_at from entries ${where} order by id ${order} limit ${limit}`;
    const [rows] = await pool.execute({ sql, timeout: 5_000 }, values);
    return rows.map((row) => ({ id: row.id, name: row.name, message: row.message, createdAt: row.created_at }));
  };

  return {
    /** Makes the table, trying again until the database is up. */
    async prepare(signal) {
      for (let delayMs = 250; ; delayMs = Math.min(delayMs * 2, 5_000)) {
        try {
          await pool.query(createTable);
          return;
        } catch (error) {
          console.error(`The database is not ready: ${error.code ?? error.message}`);
          await setTimeout(delayMs, undefined, { signal });
        }
      }
    },
    /** One page, newest first, and whether older ones follow. `before` is the id that the page ends before. */
    async page(before) {
      const where = before === undefined ? '' : 'where id < ?';
      const found = await select(where, before === undefined ? [] : [before], 'desc', pageSize + 1);
      return { entries: found.slice(0, pageSize), hasMore: found.length > pageSize };
    },
    /** Entries that came after `id`, oldest first. */
    async since(id) {
      return select('where id > ?', [id], 'asc', 50);
    },
    async newestId() {
      const [entry] = await select('', [], 'desc', 1);
      return entry?.id ?? 0;
    },
    async add({ name, message }) {
      const sql = 'insert into entries (name, message, created_at) values (?, ?, utc_timestamp(3))';
      const [result] = await pool.execute({ sql, timeout: 5_000 }, [name, message]);
      return result.insertId;
    },
    /** Rejects while the database or the table is away. */
    async check() {
      await pool.query({ sql: 'select 1 from entries limit 1', timeout: 2_000 });
    },
    async close() {
      await pool.end();
    },
  };
}

const createTable = `
  create table if not exists entries (
    id bigint unsigned not null auto_increment primary key,
    name varchar(${nameCharactersMax}) not null,
    message varchar(${messageCharactersMax}) not null,
    created_at datetime(3) not null
  ) engine = InnoDB default character set utf8mb4 collate utf8mb4_unicode_ci`;
