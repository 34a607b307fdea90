//! Claiming deliveries and recording outcomes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::{Error as PgError, GenericClient, Row as SqlRow};

use super::query;
use crate::store::{Claim, Claimed, End, Lease, Settled, Start, span};
use crate::stored::{Dispatch, Ended, Seq, State};

/// The maximum number of older deliveries that one transaction dispatches to a new sink.
const PIECE: i64 = 1000;

pub(crate) async fn register(
    client: &mut ClientWrapper,
    sink: &str,
    start: Start,
    now: i64,
) -> Result<(), PgError> {
    if query::is_sink(client, sink).await? {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    // Every delivery is either already stored, or is dispatched when it is stored. The mode excludes those who store, and
    // not those who only read: behind a long backup, all who store would wait for this.
    transaction.batch_execute("LOCK TABLE webhook_inbox.sink IN EXCLUSIVE MODE").await?;
    let oldest = start == Start::Oldest;
    transaction
        .execute(
            "INSERT INTO webhook_inbox.sink(name, created_at, backfill_to)
             SELECT $1, $2, CASE WHEN $3 THEN coalesce(max(seq), 0) ELSE 0 END FROM webhook_inbox.delivery
             ON CONFLICT DO NOTHING",
            &[&sink, &now, &oldest],
        )
        .await?;
    transaction.commit().await
}

/// Dispatches some deliveries that are older than the sink. Returns whether there are more.
pub(crate) async fn backfill(client: &mut ClientWrapper, sink: &str, now: i64) -> Result<bool, PgError> {
    let transaction = client.transaction().await?;
    let row = transaction
        .query_one(
            "SELECT backfill_after, backfill_to FROM webhook_inbox.sink WHERE name = $1 FOR NO KEY UPDATE",
            &[&sink],
        )
        .await?;
    let (after, to): (i64, i64) = (row.get(0), row.get(1));
    if after >= to {
        return Ok(false);
    }
    let end = after.saturating_add(PIECE).min(to);
    // Locked, so that nothing is pruned between the selection and the dispatch.
    transaction
        .execute(
            "INSERT INTO webhook_inbox.dispatch(seq, sink, due_at)
             SELECT seq, $1, $2 FROM webhook_inbox.delivery
             WHERE seq > $3 AND seq <= $4 AND pruned_at IS NULL ORDER BY seq FOR SHARE
             ON CONFLICT DO NOTHING",
            &[&sink, &now, &after, &end],
        )
        .await?;
    transaction
        .execute("UPDATE webhook_inbox.sink SET backfill_after = $2 WHERE name = $1", &[&sink, &end])
        .await?;
    transaction.commit().await?;
    Ok(end < to)
}

pub(crate) async fn claim(
    client: &mut ClientWrapper,
    claim: &Claim,
    now: i64,
) -> Result<Vec<Claimed>, PgError> {
    let statement = client
        .prepare_cached(
            "WITH due AS (
               SELECT seq FROM webhook_inbox.dispatch
               WHERE sink = $1 AND state < 2 AND due_at <= $2
                 AND EXISTS(SELECT 1 FROM webhook_inbox.sink WHERE name = $1 AND paused_until <= $2)
               ORDER BY due_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED
             ), taken AS (
               UPDATE webhook_inbox.dispatch
               SET state = 1, attempts = attempts + 1, total = total + 1, lease = lease + 1, due_at = $4
               FROM due WHERE dispatch.seq = due.seq AND dispatch.sink = $1
               RETURNING dispatch.seq, dispatch.attempts, dispatch.lease
             )
             SELECT delivery.seq, vendor, route, key, event, account, occurred_at, received_at, copies, last_at, headers,
                    pruned_at, length(body), body, taken.attempts, taken.lease
             FROM taken JOIN webhook_inbox.delivery USING (seq) ORDER BY seq",
        )
        .await?;
    let limit = i64::try_from(claim.limit).unwrap_or(i64::MAX);
    let until = now.saturating_add(span(claim.lease_time));
    let rows = client.query(&statement, &[&claim.sink, &now, &limit, &until]).await?;
    let mut claimed: Vec<Claimed> = rows.iter().map(|row| read_claimed(row, &claim.sink)).collect();
    let seqs: Vec<i64> = claimed.iter().map(|claimed| claimed.lease.seq.get()).collect();
    if !seqs.is_empty() {
        let mut sinks: HashMap<Seq, Vec<Dispatch>> = query::dispatches(client, &seqs).await?;
        for claimed in &mut claimed {
            claimed.delivery.row.sinks = sinks.remove(&claimed.lease.seq).unwrap_or_default();
        }
    }
    Ok(claimed)
}

fn read_claimed(row: &SqlRow, sink: &str) -> Claimed {
    let delivery = query::delivery(row);
    let lease = Lease { sink: sink.to_owned(), seq: delivery.row.seq, number: row.get(15) };
    Claimed { lease, attempt: query::number(row.get(14)), delivery }
}

pub(crate) async fn renew(
    client: &ClientWrapper,
    leases: &[Lease],
    lease_time: Duration,
    now: i64,
) -> Result<Vec<bool>, PgError> {
    let until = now.saturating_add(span(lease_time));
    let (seqs, sinks, numbers) = columns(leases.iter());
    let rows = client
        .query(
            "UPDATE webhook_inbox.dispatch SET due_at = $5
             FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS held(seq, sink, lease)
             WHERE dispatch.seq = held.seq AND dispatch.sink = held.sink AND dispatch.lease = held.lease
               AND state = 1 AND due_at > $4
             RETURNING dispatch.seq, dispatch.sink, dispatch.lease",
            &[&seqs, &sinks, &numbers, &now, &until],
        )
        .await?;
    Ok(which(leases.iter(), &rows))
}

/// Records ends, on a connection or in a transaction of the user.
pub(crate) async fn settle<C: GenericClient>(
    client: &C,
    batch: &[Settled],
    now: i64,
) -> Result<Vec<bool>, PgError> {
    let leases = || batch.iter().map(|settled| &settled.lease);
    let (seqs, sinks, numbers) = columns(leases());
    let mut states = Vec::new();
    let mut due = Vec::new();
    let mut back = Vec::new();
    let mut errors = Vec::new();
    let mut ended = Vec::new();
    let mut notes = Vec::new();
    for Settled { end, note, .. } in batch {
        let (state, due_at, end_of_attempt) = match end {
            End::Done => (State::Done, now, Some(Ended::Done)),
            End::Skipped => (State::Skipped, now, None),
            End::Retry(wait) => (State::Pending, now.saturating_add(span(*wait)), Some(Ended::Retry)),
            End::Dead => (State::Dead, now, Some(Ended::Dead)),
            End::Released => (State::Pending, now, None),
        };
        let note = note.as_ref().map(|note| note.replace('\0', "\u{fffd}"));
        states.push(state.code());
        due.push(due_at);
        back.push(i32::from(*end == End::Released));
        errors.push(note.clone().filter(|_| !matches!(end, End::Done | End::Skipped)));
        ended.push(end_of_attempt.map(Ended::code));
        notes.push(note);
    }
    let rows = client
        .query(
            "WITH settled AS (
               UPDATE webhook_inbox.dispatch
               SET state = held.state, due_at = held.due_at, attempts = attempts - held.back,
                   total = total - held.back, error = held.error
               FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::smallint[], $5::bigint[], $6::integer[],
                           $7::text[], $8::smallint[], $9::text[])
                    AS held(seq, sink, lease, state, due_at, back, error, ended, note)
               WHERE dispatch.seq = held.seq AND dispatch.sink = held.sink AND dispatch.lease = held.lease
                 AND dispatch.state = 1 AND dispatch.due_at > $10
               RETURNING dispatch.seq, dispatch.sink, dispatch.lease, dispatch.total, held.ended, held.note
             ), recorded AS (
               INSERT INTO webhook_inbox.attempt(seq, sink, number, at, ended, note)
               SELECT seq, sink, total, $10, ended, note FROM settled WHERE ended IS NOT NULL
               ON CONFLICT (seq, sink, number)
               DO UPDATE SET at = excluded.at, ended = excluded.ended, note = excluded.note
             )
             SELECT seq, sink, lease FROM settled",
            &[&seqs, &sinks, &numbers, &states, &due, &back, &errors, &ended, &notes, &now],
        )
        .await?;
    Ok(which(leases(), &rows))
}

pub(crate) async fn pause(
    client: &ClientWrapper,
    sink: &str,
    pause: Duration,
    now: i64,
) -> Result<(), PgError> {
    let until = if pause.is_zero() { 0 } else { now.saturating_add(span(pause)) };
    client
        .execute("UPDATE webhook_inbox.sink SET paused_until = $2 WHERE name = $1", &[&sink, &until])
        .await?;
    Ok(())
}

fn columns<'a>(leases: impl Iterator<Item = &'a Lease>) -> (Vec<i64>, Vec<&'a str>, Vec<i64>) {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for lease in leases {
        columns.0.push(lease.seq.get());
        columns.1.push(lease.sink.as_str());
        columns.2.push(lease.number);
    }
    columns
}

/// The leases that are among the rows. A lease that is given twice is counted once.
fn which<'a>(leases: impl Iterator<Item = &'a Lease>, rows: &[SqlRow]) -> Vec<bool> {
    let mut held: HashSet<(i64, &str, i64)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    leases.map(|lease| held.remove(&(lease.seq.get(), lease.sink.as_str(), lease.number))).collect()
}
