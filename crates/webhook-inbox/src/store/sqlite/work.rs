//! Claiming deliveries and recording outcomes.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::query;
use crate::store::{Claim, Claimed, End, Lease, Settled, Start, span};
use crate::stored::{Ended, Seq, State};

/// The maximum number of older deliveries that one transaction dispatches to a new sink.
const PIECE: i64 = 1000;

pub(crate) fn register(connection: &Connection, sink: &str, start: Start, now: i64) -> rusqlite::Result<()> {
    let to = match start {
        Start::Oldest => {
            connection.query_row("SELECT coalesce(max(seq), 0) FROM delivery", [], |row| row.get(0))?
        }
        Start::Now => 0,
    };
    connection
        .prepare_cached(
            "INSERT INTO sink(name, created_at, backfill_to) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![sink, now, to])?;
    Ok(())
}

/// Dispatches some deliveries that are older than the sink. Returns whether there are more.
pub(crate) fn backfill(connection: &Connection, sink: &str, now: i64) -> rusqlite::Result<bool> {
    let (after, to): (i64, i64) = connection
        .prepare_cached("SELECT backfill_after, backfill_to FROM sink WHERE name = ?1")?
        .query_row([sink], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if after >= to {
        return Ok(false);
    }
    let end = after.saturating_add(PIECE).min(to);
    connection
        .prepare_cached(
            "INSERT INTO dispatch(seq, sink, due_at)
             SELECT seq, ?1, ?2 FROM delivery WHERE seq > ?3 AND seq <= ?4 AND pruned_at IS NULL
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![sink, now, after, end])?;
    connection
        .prepare_cached("UPDATE sink SET backfill_after = ?2 WHERE name = ?1")?
        .execute(params![sink, end])?;
    Ok(end < to)
}

pub(crate) fn claim(connection: &Connection, claim: &Claim, now: i64) -> rusqlite::Result<Vec<Claimed>> {
    let paused_until: Option<i64> = connection
        .prepare_cached("SELECT paused_until FROM sink WHERE name = ?1")?
        .query_row([&claim.sink], |row| row.get(0))
        .optional()?;
    if paused_until.is_none_or(|until| until > now) {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(claim.limit).unwrap_or(i64::MAX);
    let due: Vec<i64> = connection
        .prepare_cached(
            "SELECT seq FROM dispatch WHERE sink = ?1 AND state < 2 AND due_at <= ?2 ORDER BY due_at, seq LIMIT ?3",
        )?
        .query_map(params![claim.sink, now, limit], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut take = connection.prepare_cached(
        "UPDATE dispatch SET state = 1, attempts = attempts + 1, total = total + 1, lease = lease + 1, due_at = ?3
         WHERE seq = ?1 AND sink = ?2 RETURNING attempts, lease",
    )?;
    let mut claimed = Vec::with_capacity(due.len());
    for seq in due {
        let until = now.saturating_add(span(claim.lease_time));
        let (attempt, number) =
            take.query_row(params![seq, claim.sink, until], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // A check reports what has no delivery; it must not keep the others from being handed out.
        let Some(delivery) = query::get(connection, Seq::new(seq))? else { continue };
        let lease = Lease { sink: claim.sink.clone(), seq: Seq::new(seq), number };
        claimed.push(Claimed { lease, attempt, delivery });
    }
    Ok(claimed)
}

/// Makes claimed deliveries due again as if they had not been claimed.
pub(crate) fn release(connection: &Connection, claimed: Vec<Claimed>, now: i64) -> rusqlite::Result<()> {
    let batch: Vec<_> =
        claimed.into_iter().map(|claimed| Settled::new(claimed.lease, End::Released)).collect();
    settle(connection, &batch, now).map(|_| ())
}

pub(crate) fn renew(
    connection: &Connection,
    leases: &[Lease],
    lease_time: Duration,
    now: i64,
) -> rusqlite::Result<Vec<bool>> {
    let until = now.saturating_add(span(lease_time));
    let mut renew = connection.prepare_cached(
        "UPDATE dispatch SET due_at = ?5
         WHERE seq = ?1 AND sink = ?2 AND state = 1 AND lease = ?3 AND due_at > ?4",
    )?;
    leases
        .iter()
        .map(|lease| {
            renew
                .execute(params![lease.seq.get(), lease.sink, lease.number, now, until])
                .map(|rows| rows == 1)
        })
        .collect()
}

pub(crate) fn settle(connection: &Connection, batch: &[Settled], now: i64) -> rusqlite::Result<Vec<bool>> {
    batch.iter().map(|settled| settle_one(connection, settled, now)).collect()
}

fn settle_one(connection: &Connection, settled: &Settled, now: i64) -> rusqlite::Result<bool> {
    let Settled { lease, end, note } = settled;
    let (state, due_at, back, ended) = match end {
        End::Done => (State::Done, now, 0, Some(Ended::Done)),
        End::Skipped => (State::Skipped, now, 0, None),
        End::Retry(wait) => (State::Pending, now.saturating_add(span(*wait)), 0, Some(Ended::Retry)),
        End::Dead => (State::Dead, now, 0, Some(Ended::Dead)),
        End::Released => (State::Pending, now, 1, None),
    };
    let error = matches!(end, End::Retry(_) | End::Dead | End::Released).then_some(note.as_ref()).flatten();
    let number: Option<i64> = connection
        .prepare_cached(
            "UPDATE dispatch
             SET state = ?5, due_at = ?6, attempts = attempts - ?7, total = total - ?7, error = ?8
             WHERE seq = ?1 AND sink = ?2 AND state = 1 AND lease = ?3 AND due_at > ?4
             RETURNING total",
        )?
        .query_row(
            params![lease.seq.get(), lease.sink, lease.number, now, state.code(), due_at, back, error],
            |row| row.get(0),
        )
        .optional()?;
    if let (Some(number), Some(ended)) = (number, ended) {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO attempt(seq, sink, number, at, ended, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![lease.seq.get(), lease.sink, number, now, ended.code(), note])?;
    }
    Ok(number.is_some())
}

pub(crate) fn pause(connection: &Connection, sink: &str, pause: Duration, now: i64) -> rusqlite::Result<()> {
    let until = if pause.is_zero() { 0 } else { now.saturating_add(span(pause)) };
    connection
        .prepare_cached("UPDATE sink SET paused_until = ?2 WHERE name = ?1")?
        .execute(params![sink, until])?;
    Ok(())
}
