//! What happens to stored times when the clock of the store is set back. The rule is the same for both databases.

/// The maximum backward step of the clock that is ignored. Waiting deliveries wait at most this much longer.
pub(crate) const TOLERANCE_MILLIS: i64 = 60_000;

/// By how many milliseconds the clock is behind the last time that was noted, where that is more than it may be.
pub(crate) fn set_back(noted: i64, now: i64) -> Option<i64> {
    let back = noted - now;
    if back <= TOLERANCE_MILLIS {
        return None;
    }
    tracing::warn!(seconds = back / 1000, "the clock was set back: stored times are adjusted");
    Some(back)
}

/// The statements that move everything that is still to come back with the clock, so that what was due is due, and a lease
/// and a window last as long as they were meant to. `$1` is how far, `$2` the time; the tables are in this schema.
pub(crate) fn move_back(schema: &str) -> [String; 3] {
    [
        format!("UPDATE {schema}dispatch SET due_at = due_at - $1 WHERE state < 2 AND due_at > $2"),
        format!("UPDATE {schema}sink SET paused_until = paused_until - $1 WHERE paused_until > $2"),
        format!("UPDATE {schema}delivery SET dedup_until = dedup_until - $1 WHERE dedup_until > $2"),
    ]
}
