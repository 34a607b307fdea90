//! The adjustment of stored times after the clock of the store was set back. The rule is the same for both databases.

/// The maximum backward step of the clock that is ignored. Waiting deliveries wait at most this much longer.
pub(crate) const TOLERANCE_MILLIS: i64 = 60_000;

/// The number of milliseconds that the clock is behind the last recorded time, if it exceeds the maximum.
pub(crate) fn set_back(noted: i64, now: i64) -> Option<i64> {
    let back = noted - now;
    if back <= TOLERANCE_MILLIS {
        return None;
    }
    tracing::warn!(seconds = back / 1000, "the clock was set back: stored times are adjusted");
    Some(back)
}

/// The statements that move all future times back with the clock. So due deliveries stay due, and leases and windows
/// keep their length. `$1` is the difference, `$2` the time; the tables are in this schema.
pub(crate) fn move_back(schema: &str) -> [String; 3] {
    [
        format!("UPDATE {schema}dispatch SET due_at = due_at - $1 WHERE state < 2 AND due_at > $2"),
        format!("UPDATE {schema}sink SET paused_until = paused_until - $1 WHERE paused_until > $2"),
        format!("UPDATE {schema}delivery SET dedup_until = dedup_until - $1 WHERE dedup_until > $2"),
    ]
}
