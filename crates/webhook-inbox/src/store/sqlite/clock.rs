//! The time of the store, as it is recorded in the file.

use rusqlite::Connection;

use crate::store::clock::{TOLERANCE_MILLIS, move_back, set_back};

/// The maximum interval between two records of the time, while something is written.
const NOTED_MILLIS: i64 = 10_000;

/// Compares the time with the last time that any process has recorded in the file.
pub(crate) fn pass(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    let noted: i64 = connection
        .prepare_cached("SELECT value FROM meta WHERE name = 'clock'")?
        .query_row([], |row| row.get(0))?;
    if let Some(back) = set_back(noted, now) {
        for statement in move_back("") {
            connection.execute(&statement, [back, now])?;
        }
    }
    if !(-NOTED_MILLIS..=TOLERANCE_MILLIS).contains(&(noted - now)) {
        note(connection, now)?;
    }
    Ok(())
}

/// Records the time.
pub(crate) fn note(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'clock'")?.execute([now])?;
    Ok(())
}
