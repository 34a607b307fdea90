//! Replay, removal and the check of the file. Each works in small steps, so that deliveries are stored in between.

use std::path::Path;

use rusqlite::{Connection, params};

use super::{file, query, schema};
use crate::filter::Filter;
use crate::health::Health;
use crate::prune::Prune;
use crate::store::conditions::{Conditions, Dialect, codes};
use crate::stored::State;

/// The maximum number of deliveries that one transaction changes.
const PIECE: i64 = 500;

/// The result of a step, and the start of the next one.
pub(crate) struct Piece {
    pub(crate) changed: u64,
    /// None after the last step.
    pub(crate) next: Option<i64>,
}

pub(crate) fn replay(
    connection: &Connection,
    filter: &Filter,
    sink: Option<&str>,
    after: i64,
    now: i64,
) -> rusqlite::Result<Piece> {
    let mut conditions = Conditions::of(filter, Dialect::Sqlite);
    conditions.and_plain("pruned_at IS NULL".to_owned());
    let seqs = query::seqs(connection, conditions, after, PIECE)?;
    let finished = [State::Done, State::Dead, State::Skipped];
    let wanted: Vec<State> = match filter.states.as_slice() {
        [] => finished.to_vec(),
        states => finished.into_iter().filter(|state| states.contains(state)).collect(),
    };
    let mut again = connection.prepare_cached(&format!(
        "UPDATE dispatch SET state = 0, attempts = 0, lease = lease + 1, due_at = ?3, error = NULL
         WHERE seq = ?1 AND (?2 IS NULL OR sink = ?2) AND state IN ({})",
        codes(&wanted)
    ))?;
    let mut add = connection.prepare_cached(
        "INSERT INTO dispatch(seq, sink, due_at) SELECT ?1, name, ?3 FROM sink WHERE name = ?2
         ON CONFLICT DO NOTHING",
    )?;
    let sink = sink.or(filter.sink.as_deref());
    let mut changed = 0;
    for seq in &seqs {
        changed += again.execute(params![seq, sink, now])?;
        // A sink that started later than the delivery gets it now.
        if filter.states.is_empty() && sink.is_some() {
            changed += add.execute(params![seq, sink, now])?;
        }
    }
    Ok(Piece::of(changed, &seqs))
}

pub(crate) fn prune(connection: &Connection, prune: &Prune, after: i64, now: i64) -> rusqlite::Result<Piece> {
    let (conditions, _) = Conditions::of_prune(prune, Dialect::Sqlite);
    let seqs = query::seqs(connection, conditions, after, PIECE)?;
    let mut strip = connection.prepare_cached(
        "UPDATE delivery SET body = x'', headers = '[]', pruned_at = ?2
         WHERE seq = ?1 AND dedup IS NOT NULL AND (dedup_until IS NULL OR dedup_until > ?2)",
    )?;
    let mut remove = connection.prepare_cached("DELETE FROM delivery WHERE seq = ?1")?;
    let mut forget = connection.prepare_cached("DELETE FROM dispatch WHERE seq = ?1")?;
    let mut forget_attempts = connection.prepare_cached("DELETE FROM attempt WHERE seq = ?1")?;
    for seq in &seqs {
        if strip.execute(params![seq, now])? == 0 {
            remove.execute([seq])?;
        }
        forget.execute([seq])?;
        forget_attempts.execute([seq])?;
    }
    Ok(Piece::of(seqs.len(), &seqs))
}

/// Removes keys whose window has ended and whose bodies were pruned before.
pub(crate) fn sweep(connection: &Connection, now: i64) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM delivery WHERE pruned_at IS NOT NULL AND (dedup IS NULL OR dedup_until <= ?1)",
        )?
        .execute([now])
}

impl Piece {
    fn of(changed: usize, seqs: &[i64]) -> Self {
        let full = seqs.len() as u64 == PIECE.unsigned_abs();
        Self { changed: changed as u64, next: seqs.last().copied().filter(|_| full) }
    }
}

pub(crate) fn check(connection: &Connection, path: &Path, deep: bool) -> rusqlite::Result<Health> {
    let mut problems = Vec::new();
    if deep {
        let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?;
        for problem in found {
            problems.extend(Some(problem?).filter(|problem| problem != "ok"));
        }
        let strays: i64 = connection.query_row(
            "SELECT count(*) FROM dispatch WHERE NOT EXISTS(SELECT 1 FROM delivery WHERE delivery.seq = dispatch.seq)",
            [],
            |row| row.get(0),
        )?;
        if strays > 0 {
            problems.push(format!("{strays} dispatches without a delivery"));
        }
    }
    let deliveries: i64 = connection.query_row("SELECT count(*) FROM delivery", [], |row| row.get(0))?;
    Ok(Health {
        store: format!("SQLite {}", rusqlite::version()),
        problems,
        schema: u32::try_from(schema::version(connection)?).unwrap_or_default(),
        deliveries: u64::try_from(deliveries).unwrap_or_default(),
        bytes: file::bytes(path),
        free_bytes: file::free_bytes(path),
    })
}
