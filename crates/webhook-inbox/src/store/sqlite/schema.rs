//! The tables, their version, and the check that the file belongs to an inbox.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::Error;

/// The application id of an inbox in the header of the file: `WbhI`.
pub(crate) const APPLICATION_ID: i32 = 0x5762_6849;

/// The version of the schema that this crate writes. Each step migrates from the version of its index to the next.
pub(crate) const VERSION: i32 = 1;
const STEPS: [&str; 1] = [include_str!("schema.sql")];
const _: () = assert!(STEPS.len() == VERSION as usize, "one step per version");

/// Creates the tables in an empty file, and migrates older ones.
pub(crate) fn migrate(connection: &mut Connection, name: &str) -> Result<(), Error> {
    let failed = |error| super::failure(name, "create or migrate the tables", error);
    let version = version(connection).map_err(failed)?;
    accept(version, name)?;
    if version != 0 && application_id(connection).map_err(failed)? != APPLICATION_ID {
        return Err(foreign(name));
    }
    if version == VERSION {
        return Ok(());
    }
    // Only one process reaches this line. The others wait, and then find the new version.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let mut version = self::version(&transaction).map_err(failed)?;
    accept(version, name)?;
    if version == 0 && has_tables(&transaction).map_err(failed)? {
        return Err(foreign(name));
    }
    while let Some(step) = usize::try_from(version).ok().and_then(|version| STEPS.get(version)) {
        transaction.execute_batch(step).map_err(failed)?;
        version += 1;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", VERSION).map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// Refuses a schema that a later version of this crate wrote.
pub(crate) fn accept(version: i32, name: &str) -> Result<(), Error> {
    if (0..=VERSION).contains(&version) {
        return Ok(());
    }
    Err(Error::refused(format!(
        "{name} has schema version {version}, and this program supports versions up to {VERSION}: update the program"
    )))
}

/// The error for a file that belongs to another program.
pub(crate) fn foreign(name: &str) -> Error {
    Error::refused(format!("{name} is the database of another program: use a separate file for the inbox"))
}

pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn application_id(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

fn has_tables(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS(SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}
