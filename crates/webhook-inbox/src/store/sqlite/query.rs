//! Reading stored deliveries.

use bytes::Bytes;
use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params, params_from_iter};

use crate::counts::SinkCounts;
use crate::filter::Filter;
use crate::store::Steps;
use crate::store::conditions::{Conditions, Dialect, Value};
use crate::store::time;
use crate::stored::{Attempt, Dispatch, Ended, Row, Seq, State, StoredDelivery};

const COLUMNS: &str =
    "seq, vendor, route, key, event, account, occurred_at, received_at, copies, last_at, headers,
                       pruned_at, length(body)";

const GET: &str =
    "SELECT seq, vendor, route, key, event, account, occurred_at, received_at, copies, last_at, headers,
                          pruned_at, length(body), body FROM delivery WHERE seq = ?1";

pub(crate) fn list(
    connection: &Connection,
    filter: &Filter,
    after: Option<Seq>,
    limit: usize,
) -> rusqlite::Result<Vec<Row>> {
    let (sql, values) = page(filter, after, limit);
    let mut rows: Vec<Row> = connection
        .prepare(&sql)?
        .query_map(params_from_iter(values), row)?
        .collect::<rusqlite::Result<_>>()?;
    for row in &mut rows {
        row.sinks = dispatches(connection, row.seq)?;
    }
    Ok(rows)
}

/// The query of one page, and its values.
fn page(filter: &Filter, after: Option<Seq>, limit: usize) -> (String, Vec<Value>) {
    let (mut conditions, order) = Conditions::of_page(filter, after, Dialect::Sqlite);
    let limit = conditions.value(Value::Number(i64::try_from(limit).unwrap_or(i64::MAX)));
    let (condition, values) = conditions.finish();
    (format!("SELECT {COLUMNS} FROM delivery WHERE {condition} ORDER BY {order} LIMIT {limit}"), values)
}

pub(crate) fn get(connection: &Connection, seq: Seq) -> rusqlite::Result<Option<StoredDelivery>> {
    let found = connection
        .prepare_cached(GET)?
        .query_row([seq.get()], |found| Ok((row(found)?, found.get::<_, Vec<u8>>(13)?)))
        .optional()?;
    let Some((mut row, body)) = found else { return Ok(None) };
    row.sinks = dispatches(connection, seq)?;
    Ok(Some(StoredDelivery { row, body: Bytes::from(body) }))
}

fn row(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let headers: String = row.get(10)?;
    Ok(Row {
        seq: Seq::new(row.get(0)?),
        vendor: row.get(1)?,
        route: row.get(2)?,
        key: row.get(3)?,
        event: row.get(4)?,
        account: row.get(5)?,
        occurred_at: row.get::<_, Option<i64>>(6)?.map(time),
        received_at: time(row.get(7)?),
        copies: unsigned(row.get(8)?),
        last_at: time(row.get(9)?),
        headers: serde_json::from_str(&headers).unwrap_or_default(),
        pruned_at: row.get::<_, Option<i64>>(11)?.map(time),
        body_bytes: unsigned(row.get(12)?),
        sinks: Vec::new(),
    })
}

fn dispatches(connection: &Connection, seq: Seq) -> rusqlite::Result<Vec<Dispatch>> {
    connection
        .prepare_cached(
            "SELECT sink, state, attempts, due_at, error FROM dispatch WHERE seq = ?1 ORDER BY sink",
        )?
        .query_map([seq.get()], |row| {
            Ok(Dispatch {
                sink: row.get(0)?,
                state: State::from_code(row.get(1)?).unwrap_or(State::Dead),
                attempts: row.get(2)?,
                due_at: time(row.get(3)?),
                error: row.get(4)?,
            })
        })?
        .collect()
}

pub(crate) fn attempts(connection: &Connection, seq: Seq) -> rusqlite::Result<Vec<Attempt>> {
    connection
        .prepare_cached(
            "SELECT sink, number, at, ended, note FROM attempt WHERE seq = ?1 ORDER BY at, sink, number",
        )?
        .query_map([seq.get()], |row| {
            Ok(Attempt {
                sink: row.get(0)?,
                number: row.get(1)?,
                at: time(row.get(2)?),
                ended: Ended::from_code(row.get(3)?).unwrap_or(Ended::Dead),
                note: row.get(4)?,
            })
        })?
        .collect()
}

pub(crate) fn counts(connection: &Connection, finished: bool, now: i64) -> rusqlite::Result<Vec<SinkCounts>> {
    let sinks: Vec<(String, i64)> = connection
        .prepare_cached("SELECT name, paused_until FROM sink ORDER BY name")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    sinks
        .into_iter()
        .map(|(sink, paused_until)| counts_of(connection, sink, paused_until, finished, now))
        .collect()
}

fn counts_of(
    connection: &Connection,
    sink: String,
    paused_until: i64,
    finished: bool,
    now: i64,
) -> rusqlite::Result<SinkCounts> {
    let (pending, claimed, oldest): (i64, i64, Option<i64>) = connection
        .prepare_cached(
            "SELECT pending + later, claimed,
                    (SELECT received_at FROM delivery WHERE seq = coalesce(min(oldest, oldest_later), oldest, oldest_later))
             FROM (SELECT count(*) FILTER (WHERE state = 0) AS pending, count(*) FILTER (WHERE state = 1) AS claimed,
                          min(seq) AS oldest
                   FROM dispatch WHERE sink = ?1 AND state < 2),
                  -- What is older than the sink and not dispatched yet.
                  (SELECT count(seq) AS later, min(seq) AS oldest_later
                   FROM sink JOIN delivery ON seq > backfill_after AND seq <= backfill_to AND pruned_at IS NULL
                   WHERE name = ?1)",
        )?
        .query_row([&sink], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let dead: i64 = connection
        .prepare_cached("SELECT count(*) FROM dispatch WHERE sink = ?1 AND state = 3")?
        .query_row([&sink], |row| row.get(0))?;
    let (done, skipped) = if finished {
        let (done, skipped): (i64, i64) = connection
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 4)
                 FROM dispatch WHERE sink = ?1",
            )?
            .query_row([&sink], |row| Ok((row.get(0)?, row.get(1)?)))?;
        (Some(unsigned(done)), Some(unsigned(skipped)))
    } else {
        (None, None)
    };
    Ok(SinkCounts {
        pending: unsigned(pending),
        claimed: unsigned(claimed),
        dead: unsigned(dead),
        done,
        skipped,
        oldest_pending_at: oldest.map(time),
        paused_until: (paused_until > now).then(|| time(paused_until)),
        sink,
    })
}

pub(crate) fn received(connection: &Connection, steps: Steps) -> rusqlite::Result<Vec<u64>> {
    let mut counts = steps.empty();
    let mut statement = connection.prepare_cached(
        "SELECT (received_at - ?1) / ?2, count(*) FROM delivery WHERE received_at >= ?1 AND received_at < ?3
         GROUP BY 1",
    )?;
    let mut found = statement.query([steps.from, steps.length, steps.end()])?;
    while let Some(row) = found.next()? {
        Steps::put(&mut counts, row.get(0)?, unsigned(row.get(1)?));
    }
    Ok(counts)
}

/// The numbers of deliveries that a filter selects, after a position, up to a limit.
pub(crate) fn seqs(
    connection: &Connection,
    mut conditions: Conditions,
    after: i64,
    limit: i64,
) -> rusqlite::Result<Vec<i64>> {
    conditions.and("seq >", Value::Number(after));
    let limit = conditions.value(Value::Number(limit));
    let (condition, values) = conditions.finish();
    connection
        .prepare(&format!("SELECT seq FROM delivery WHERE {condition} ORDER BY seq LIMIT {limit}"))?
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect()
}

/// Whether a sink is registered.
pub(crate) fn is_registered(connection: &Connection, sink: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS(SELECT 1 FROM sink WHERE name = ?1)")?
        .query_row(params![sink], |row| row.get(0))
}

/// A count, which is never negative.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Number(number) => number.to_sql(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::listed;
    use crate::store::sqlite::schema;

    /// A page of 50 must cost what 50 cost, however many there are: nothing is sorted, and rows that do not match are
    /// skipped without reading their bodies.
    #[test]
    fn a_page_reads_an_index_in_its_order_whatever_the_filter() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, "memory").unwrap();
        for (name, filter) in listed() {
            for after in [None, Some(Seq::new(7))] {
                let (sql, values) = page(&filter, after, 51);
                let plan: Vec<String> = connection
                    .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                    .unwrap()
                    .query_map(params_from_iter(values), |row| row.get(3))
                    .unwrap()
                    .collect::<rusqlite::Result<_>>()
                    .unwrap();
                // What is found by its own index is little, and is sorted.
                let is_little = filter.key.is_some() || filter.states == [State::Dead];
                let sorts = plan.iter().any(|step| step.contains("ORDER BY")) && !is_little;
                let reads_bodies = plan.iter().any(|step| step == "SCAN delivery");
                let index =
                    if filter.is_by_time() { "delivery_by_time (received_at" } else { "delivery_shown" };
                let by_order = plan
                    .iter()
                    .any(|step| step.contains(index) || step.contains("delivery USING INTEGER PRIMARY KEY"));
                assert!(!sorts && !reads_bodies && by_order, "{name} behind {after:?}: {plan:?}");
            }
        }
    }
}
