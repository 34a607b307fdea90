//! The tables, their version, and the check that the file belongs to an inbox.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::Error;

/// The application id of an inbox in the header of the file: `WbhI`.
pub(crate) const APPLICATION_ID: i32 = 0x5762_6849;

/// The version of the schema that this crate writes. Each step migrates from the version of its index to the next.
pub(crate) const VERSION: i32 = 4;
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
];
const _: () = assert!(STEPS.len() == VERSION as usize, "one step per version");

/// Creates the tables in an empty file, and migrates older ones.
pub(crate) fn migrate(connection: &mut Connection, name: &str) -> Result<(), Error> {
    migrate_by(connection, name, STEPS)
}

fn migrate_by(connection: &mut Connection, name: &str, steps: &[&str]) -> Result<(), Error> {
    let failed = |error| super::failure(name, "create or migrate the tables", error);
    let newest = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    let found = version(connection).map_err(failed)?;
    accept_up_to(newest, found, name)?;
    if found != 0 && application_id(connection).map_err(failed)? != APPLICATION_ID {
        return Err(foreign(name));
    }
    if found == newest {
        return Ok(());
    }
    // Only one process reaches this line. The others wait, and then find the new version.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let found = version(&transaction).map_err(failed)?;
    accept_up_to(newest, found, name)?;
    if found == 0 && has_tables(&transaction).map_err(failed)? {
        return Err(foreign(name));
    }
    for step in steps.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", newest).map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// Refuses a schema that a later version of this crate wrote.
pub(crate) fn accept(version: i32, name: &str) -> Result<(), Error> {
    accept_up_to(VERSION, version, name)
}

fn accept_up_to(newest: i32, version: i32, name: &str) -> Result<(), Error> {
    if (0..=newest).contains(&version) {
        return Ok(());
    }
    Err(Error::refused(format!(
        "{name} has schema version {version}, and this program supports versions up to {newest}: update the program"
    )))
}

/// The error for a file that belongs to another program.
pub(crate) fn foreign(name: &str) -> Error {
    Error::refused(format!("{name} is the database of another program: use a separate file for the inbox"))
}

pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

pub(crate) fn application_id(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

fn has_tables(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS(SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a later version may do to the tables of the first one.
    const LATER: &str = "ALTER TABLE delivery ADD COLUMN later TEXT NOT NULL DEFAULT 'unknown'";

    fn first() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, "test.db", &STEPS[..1]).unwrap();
        let insert = "INSERT INTO delivery(vendor, route, key, received_at, last_at, headers, body)
                      VALUES ('qase', '', 'id:1', 1, 1, '[]', x'7b7d')";
        connection.execute_batch(insert).unwrap();
        connection
    }

    fn rows_with(connection: &Connection, condition: &str) -> rusqlite::Result<i64> {
        let sql = format!("SELECT count(*) FROM delivery WHERE {condition}");
        connection.query_row(&sql, [], |row| row.get(0))
    }

    #[test]
    fn an_older_schema_is_brought_up_to_date_and_keeps_its_rows() {
        let mut connection = first();
        let steps = [STEPS[0], LATER, "CREATE TABLE third(a INTEGER)"];
        // The second time finds nothing to do.
        for _ in 0..2 {
            migrate_by(&mut connection, "test.db", &steps).unwrap();
            assert_eq!(version(&connection).unwrap(), 3);
            assert_eq!(rows_with(&connection, "key = 'id:1' AND later = 'unknown'").unwrap(), 1);
        }
        let refused = migrate_by(&mut connection, "test.db", &steps[..2]).unwrap_err();
        assert!(refused.to_string().contains("schema version 3"), "{refused}");
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_schema_as_it_was() {
        let mut connection = first();
        migrate_by(&mut connection, "test.db", &[STEPS[0], LATER, "CREATE TABLE delivery(a)"]).unwrap_err();
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(rows_with(&connection, "later = 'unknown'").is_err(), "the column is not there");
        assert_eq!(rows_with(&connection, "key = 'id:1'").unwrap(), 1);
    }
}
