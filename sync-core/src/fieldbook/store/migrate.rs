//! The store's versions. A newer file is refused and not touched; an older one is brought up in
//! one transaction a step, which throws nothing away.

use rusqlite::Connection;

use crate::fieldbook::error::{FieldbookError, Result};

/// `GBOK`: the file is a fieldbook.
const APPLICATION_ID: i32 = 0x4742_4F4B;

/// One script a version, in order; never edited once released.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("0001.sql"),
    include_str!("0002.sql"),
    include_str!("0003.sql"),
];

/// Brings a file up to the newest version.
pub(super) fn migrate(connection: &mut Connection, scripts: &[&str]) -> Result<()> {
    let pragma = |name: &str| -> Result<i64> {
        Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
    };
    let (application, found) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let ours = application == i64::from(APPLICATION_ID);
    if !ours && (tables > 0 || found > 0) {
        return Err(FieldbookError::NotABook);
    }
    let known = scripts.len();
    let found = u32::try_from(found).map_err(|_| FieldbookError::NotABook)?;
    if found as usize > known {
        let known = u32::try_from(known).unwrap_or(u32::MAX);
        return Err(FieldbookError::NewerFile { found, known });
    }
    for (version, script) in (1..).zip(scripts).skip(found as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE a (x); INSERT INTO a VALUES (1);";
    const SECOND: &str = "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (2, 3);";

    fn rows(connection: &Connection) -> i64 {
        connection
            .query_row("SELECT count(*) FROM a", [], |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn an_older_file_is_brought_up_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        connection.execute("INSERT INTO a VALUES (9)", []).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(rows(&connection), 3);
    }

    #[test]
    fn a_newer_file_is_refused_and_not_touched() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        let refused = migrate(&mut connection, &[FIRST]);
        assert!(matches!(
            refused,
            Err(FieldbookError::NewerFile { found: 2, known: 1 })
        ));
        assert_eq!(rows(&connection), 2);
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        let broken = "INSERT INTO a VALUES (5); INSERT INTO no_such_table VALUES (1);";
        assert!(migrate(&mut connection, &[FIRST, broken]).is_err());
        assert_eq!(rows(&connection), 1);
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
    }

    #[test]
    fn a_database_of_something_else_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(matches!(
            migrate(&mut connection, &[FIRST]),
            Err(FieldbookError::NotABook)
        ));
    }
}
