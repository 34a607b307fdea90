//! The time of the store, and the adjustment of stored times after the clock was set back.

use rusqlite::Connection;

/// The maximum backward step of the clock that is ignored. Waiting deliveries wait at most this much longer.
const TOLERANCE_MILLIS: i64 = 60_000;
/// The maximum interval between two records of the time, while something is written.
const NOTED_MILLIS: i64 = 10_000;

/// Compares the time with the last time recorded in the file. If the clock was set back, all future times are moved
/// back too. So due deliveries stay due, and leases and windows keep their length.
pub(crate) fn pass(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    let noted: i64 = connection
        .prepare_cached("SELECT value FROM meta WHERE name = 'clock'")?
        .query_row([], |row| row.get(0))?;
    let back = noted - now;
    if back > TOLERANCE_MILLIS {
        tracing::warn!(seconds = back / 1000, "the clock was set back: stored times are adjusted");
        for move_back in [
            "UPDATE dispatch SET due_at = due_at - ?1 WHERE state < 2 AND due_at > ?2",
            "UPDATE sink SET paused_until = paused_until - ?1 WHERE paused_until > ?2",
            "UPDATE delivery SET dedup_until = dedup_until - ?1 WHERE dedup_until > ?2",
        ] {
            connection.execute(move_back, [back, now])?;
        }
    }
    if !(-NOTED_MILLIS..=TOLERANCE_MILLIS).contains(&back) {
        note(connection, now)?;
    }
    Ok(())
}

/// Records the time.
pub(crate) fn note(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'clock'")?.execute([now])?;
    Ok(())
}
