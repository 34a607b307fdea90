//! Replay, removal and the check of the file. Each works in small steps, so that deliveries are stored in between.

use std::path::Path;

use rusqlite::{Connection, params};

use super::{file, query, schema};
use crate::filter::Filter;
use crate::health::Health;
use crate::prune::Prune;
use crate::store::conditions::{Conditions, Dialect, Value, codes};
use crate::stored::{Seq, State};

/// The maximum number of deliveries that one transaction changes.
const PIECE: i64 = 500;

/// The maximum range of numbers that one transaction searches. A filter may select few or none of them.
const SPAN: i64 = 5_000;

/// A pruned delivery whose key was used again for another one has such a time too: the key was free by then.
const SWEEP: &str = "DELETE FROM delivery WHERE seq IN
                     (SELECT seq FROM delivery WHERE pruned_at IS NOT NULL AND dedup_until <= ?1 LIMIT ?2)";

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
    let found = Found::by(connection, filter, conditions, after)?;
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
    for seq in &found.seqs {
        changed += again.execute(params![seq, sink, now])?;
        // A sink that started later than the delivery gets it now.
        if filter.states.is_empty() && sink.is_some() {
            changed += add.execute(params![seq, sink, now])?;
        }
    }
    Ok(Piece { changed: changed as u64, next: found.next })
}

pub(crate) fn prune(connection: &Connection, prune: &Prune, after: i64, now: i64) -> rusqlite::Result<Piece> {
    let (conditions, _) = Conditions::of_prune(prune, Dialect::Sqlite);
    let found = Found::by(connection, &prune.filter, conditions, after)?;
    let mut strip = connection.prepare_cached(
        "UPDATE delivery SET body = x'', headers = '[]', pruned_at = ?2
         WHERE seq = ?1 AND dedup IS NOT NULL AND (dedup_until IS NULL OR dedup_until > ?2)",
    )?;
    let mut remove = connection.prepare_cached("DELETE FROM delivery WHERE seq = ?1")?;
    let mut forget = connection.prepare_cached("DELETE FROM dispatch WHERE seq = ?1")?;
    let mut forget_attempts = connection.prepare_cached("DELETE FROM attempt WHERE seq = ?1")?;
    for seq in &found.seqs {
        if strip.execute(params![seq, now])? == 0 {
            remove.execute([seq])?;
        }
        forget.execute([seq])?;
        forget_attempts.execute([seq])?;
    }
    Ok(Piece { changed: found.seqs.len() as u64, next: found.next })
}

/// Removes some keys whose window has ended and whose bodies were pruned before.
pub(crate) fn sweep(connection: &Connection, now: i64) -> rusqlite::Result<Piece> {
    let changed = connection.prepare_cached(SWEEP)?.execute([now, PIECE])? as u64;
    Ok(Piece { changed, next: (changed == PIECE.unsigned_abs()).then_some(0) })
}

/// The deliveries of a step, and the start of the next one.
struct Found {
    seqs: Vec<i64>,
    next: Option<i64>,
}

impl Found {
    /// Finds deliveries that a filter selects, after a position.
    fn by(
        connection: &Connection,
        filter: &Filter,
        mut conditions: Conditions,
        after: i64,
    ) -> rusqlite::Result<Self> {
        // What is found by its own search is searched once.
        let has_own_search = filter.seq.is_some() || filter.key.is_some() || filter.states == [State::Dead];
        let after = after.max(filter.seq_from.map_or(0, Seq::get).saturating_sub(1));
        let end = if has_own_search { i64::MAX } else { after.saturating_add(SPAN) };
        conditions.and("seq <=", Value::Number(end));
        let seqs = query::seqs(connection, conditions, after, PIECE)?;
        let next = if seqs.len() as u64 == PIECE.unsigned_abs() {
            seqs.last().copied()
        } else {
            connection
                .prepare_cached("SELECT min(seq) - 1 FROM delivery WHERE seq > ?1")?
                .query_row([end], |row| row.get(0))?
        };
        Ok(Self { seqs, next })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An inbox with this many pairs of numbers, of which every thousandth delivery is of Qase.
    fn with(pairs: i64) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, "memory").unwrap();
        let insert = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
             INSERT INTO delivery(seq, vendor, route, key, dedup, dedup_until, received_at, last_at, headers, body)
             SELECT n * 2, iif(n % 1000 = 0, 'qase', 'deepsource'), '', n, n, n, n, n, '[]', x'7b7d' FROM number";
        connection.execute(insert, [pairs]).unwrap();
        connection
    }

    fn in_pieces(piece: impl Fn(i64) -> rusqlite::Result<Piece>) -> Vec<u64> {
        let (mut after, mut changed) = (0, Vec::new());
        loop {
            let done = piece(after).unwrap();
            changed.push(done.changed);
            match done.next {
                Some(next) => after = next,
                None => return changed,
            }
        }
    }

    #[test]
    fn a_step_searches_a_part_of_the_numbers_and_all_steps_find_everything() {
        let connection = with(10_000);
        connection.execute("DELETE FROM delivery WHERE seq BETWEEN 4001 AND 15999", []).unwrap();
        let found = |filter: Filter, now| {
            let of_filter = Prune::of(filter);
            in_pieces(|after| prune(&connection, &of_filter, after, now))
        };
        // The numbers from 5,001 to 15,999 are not searched, because there are none.
        assert_eq!(found(Filter::default().vendor("qase"), 0), [2, 3]);
        assert_eq!(found(Filter::default().key("1"), 0), [1]);
        assert_eq!(found(Filter::default().seq_from(Seq::new(20_000)), 0), [0]);
        let rest = found(Filter::all(), 0);
        assert_eq!(rest.iter().sum::<u64>(), 4_001 - 5 - 1);
        assert!(rest.iter().all(|changed| *changed <= 500), "{rest:?}");
    }

    #[test]
    fn the_sweep_reads_an_index_and_removes_in_pieces_what_has_ended() {
        let connection = with(1_300);
        let pruned = in_pieces(|after| prune(&connection, &Prune::of(Filter::all()), after, 0));
        assert_eq!(pruned.iter().sum::<u64>(), 1_300);
        let plan: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {SWEEP}"))
            .unwrap()
            .query_map([0, PIECE], |row| row.get(3))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        assert!(plan.iter().any(|step| step.contains("delivery_kept_key (dedup_until<?)")), "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN")), "{plan:?}");
        assert_eq!(in_pieces(|_| sweep(&connection, 1_200)), [500, 500, 200]);
        let left: i64 = connection.query_row("SELECT count(*) FROM delivery", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 100);
    }
}
