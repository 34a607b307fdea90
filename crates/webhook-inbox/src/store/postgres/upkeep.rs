//! Replay and removal, in steps of one transaction each.

use deadpool_postgres::{ClientWrapper, Transaction};
use tokio_postgres::Error as PgError;

use super::query::parameters;
use crate::filter::Filter;
use crate::prune::Prune;
use crate::store::conditions::{Conditions, Dialect, Value};
use crate::stored::State;

/// The maximum number of deliveries that one transaction changes.
const PIECE: i64 = 500;

/// The result of a step, and the start of the next one.
pub(crate) struct Piece {
    pub(crate) changed: u64,
    /// None after the last step.
    pub(crate) next: Option<i64>,
}

pub(crate) async fn replay(
    client: &mut ClientWrapper,
    filter: &Filter,
    sink: Option<&str>,
    after: i64,
    now: i64,
) -> Result<Piece, PgError> {
    let transaction = client.transaction().await?;
    let mut conditions = Conditions::of(filter, Dialect::Postgres);
    conditions.and_plain("pruned_at IS NULL".to_owned());
    let seqs = seqs(&transaction, conditions, after, "FOR SHARE").await?;
    let finished = [State::Done, State::Dead, State::Skipped];
    let wanted: Vec<i16> = finished
        .into_iter()
        .filter(|state| filter.states.is_empty() || filter.states.contains(state))
        .map(State::code)
        .collect();
    let sink = sink.or(filter.sink.as_deref());
    let mut changed = transaction
        .execute(
            "UPDATE webhook_inbox.dispatch
             SET state = 0, attempts = 0, lease = lease + 1, due_at = $4, error = NULL
             WHERE seq = ANY($1) AND ($2::text IS NULL OR sink = $2) AND state = ANY($3)",
            &[&seqs, &sink, &wanted, &now],
        )
        .await?;
    // A sink that started later than the delivery gets it now.
    if filter.states.is_empty() && sink.is_some() {
        changed += transaction
            .execute(
                "INSERT INTO webhook_inbox.dispatch(seq, sink, due_at)
                 SELECT seq, name, $3 FROM unnest($1::bigint[]) AS wanted(seq), webhook_inbox.sink WHERE name = $2
                 ON CONFLICT DO NOTHING",
                &[&seqs, &sink, &now],
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(Piece::of(changed, &seqs))
}

pub(crate) async fn prune(
    client: &mut ClientWrapper,
    prune: &Prune,
    after: i64,
    now: i64,
) -> Result<Piece, PgError> {
    let transaction = client.transaction().await?;
    let (conditions, kept) = Conditions::of_prune(prune, Dialect::Postgres);
    // After they are locked they cannot be dispatched. Earlier dispatches are checked again below.
    let seqs = seqs(&transaction, conditions, after, "FOR UPDATE").await?;
    let kept: Vec<i16> = kept.into_iter().map(State::code).collect();
    transaction
        .execute(
            "DELETE FROM webhook_inbox.dispatch WHERE seq = ANY($1) AND state <> ALL($2)",
            &[&seqs, &kept],
        )
        .await?;
    let free = "seq = ANY($1) AND NOT EXISTS(SELECT 1 FROM webhook_inbox.dispatch WHERE dispatch.seq = delivery.seq)";
    transaction
        .execute(
            "DELETE FROM webhook_inbox.attempt WHERE seq = ANY($1)
             AND NOT EXISTS(SELECT 1 FROM webhook_inbox.dispatch WHERE dispatch.seq = attempt.seq)",
            &[&seqs],
        )
        .await?;
    let stripped = transaction
        .execute(
            &format!(
                "UPDATE webhook_inbox.delivery SET body = '', headers = '[]', pruned_at = $2
                 WHERE {free} AND dedup IS NOT NULL AND (dedup_until IS NULL OR dedup_until > $2)"
            ),
            &[&seqs, &now],
        )
        .await?;
    let removed = transaction
        .execute(&format!("DELETE FROM webhook_inbox.delivery WHERE {free} AND pruned_at IS NULL"), &[&seqs])
        .await?;
    transaction.commit().await?;
    Ok(Piece::of(stripped + removed, &seqs))
}

/// Removes keys whose window has ended and whose bodies were pruned before.
pub(crate) async fn sweep(client: &ClientWrapper, now: i64) -> Result<(), PgError> {
    client
        .execute(
            "DELETE FROM webhook_inbox.delivery
             WHERE pruned_at IS NOT NULL AND (dedup IS NULL OR dedup_until <= $1)",
            &[&now],
        )
        .await?;
    Ok(())
}

/// The numbers of deliveries that a filter selects, after a position, up to a limit, locked.
async fn seqs(
    transaction: &Transaction<'_>,
    mut conditions: Conditions,
    after: i64,
    lock: &str,
) -> Result<Vec<i64>, PgError> {
    conditions.and("seq >", Value::Number(after));
    let limit = conditions.value(Value::Number(PIECE));
    let (condition, values) = conditions.finish();
    let sql =
        format!("SELECT seq FROM webhook_inbox.delivery WHERE {condition} ORDER BY seq LIMIT {limit} {lock}");
    let rows = transaction.query(&sql, &parameters(&values)).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

impl Piece {
    fn of(changed: u64, seqs: &[i64]) -> Self {
        let full = seqs.len() as u64 == PIECE.unsigned_abs();
        Self { changed, next: seqs.last().copied().filter(|_| full) }
    }
}
