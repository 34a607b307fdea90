//! The time of the store, and what happens to stored times when the clock is set back.

use rusqlite::Connection;

/// How far the clock may go back unnoticed. What waits, waits that much longer at most.
const TOLERANCE_MILLIS: i64 = 60_000;
/// How often the time is noted at least, while something is written.
const NOTED_MILLIS: i64 = 10_000;

/// Compares the time with the last one that was noted in the file. A clock that was set back moves everything that is
/// still to come back with it: what was due is due, a lease and a window last as long as they were meant to.
pub(crate) fn pass(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    let noted: i64 = connection
        .prepare_cached("SELECT value FROM meta WHERE name = 'clock'")?
        .query_row([], |row| row.get(0))?;
    let back = noted - now;
    if back > TOLERANCE_MILLIS {
        tracing::warn!(seconds = back / 1000, "the clock was set back: moving what is due with it");
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

/// Writes the time down.
pub(crate) fn note(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'clock'")?.execute([now])?;
    Ok(())
}
