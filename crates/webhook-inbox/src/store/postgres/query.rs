//! Reading stored deliveries.

use std::collections::HashMap;

use bytes::Bytes;
use deadpool_postgres::ClientWrapper;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error as PgError, Row as SqlRow};

use super::schema;
use crate::counts::SinkCounts;
use crate::filter::Filter;
use crate::health::Health;
use crate::store::Steps;
use crate::store::conditions::{Conditions, Dialect, Value};
use crate::store::time;
use crate::stored::{Attempt, Dispatch, Ended, Row, Seq, State, StoredDelivery};

const COLUMNS: &str =
    "seq, vendor, route, key, event, account, occurred_at, received_at, copies, last_at, headers,
                       pruned_at, length(body)";

pub(crate) async fn list(
    client: &ClientWrapper,
    filter: &Filter,
    after: Option<Seq>,
    limit: usize,
) -> Result<Vec<Row>, PgError> {
    let (page, order, values) = page(filter, after, limit);
    let sql = format!(
        "SELECT {COLUMNS} FROM webhook_inbox.delivery JOIN ({page}) AS page USING (seq) ORDER BY {order}"
    );
    let mut rows: Vec<Row> = client.query(&sql, &parameters(&values)).await?.iter().map(row).collect();
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq.get()).collect();
    let mut sinks = dispatches(client, &seqs).await?;
    for row in &mut rows {
        row.sinks = sinks.remove(&row.seq).unwrap_or_default();
    }
    Ok(rows)
}

/// The query for the numbers of one page, its order and its values. It needs only columns of an index, so that rows
/// that do not match are skipped without reading their bodies.
fn page(filter: &Filter, after: Option<Seq>, limit: usize) -> (String, &'static str, Vec<Value>) {
    let (mut conditions, order) = Conditions::of_page(filter, after, Dialect::Postgres);
    let limit = conditions.value(Value::Number(i64::try_from(limit).unwrap_or(i64::MAX)));
    let (condition, values) = conditions.finish();
    let sql =
        format!("SELECT seq FROM webhook_inbox.delivery WHERE {condition} ORDER BY {order} LIMIT {limit}");
    (sql, order, values)
}

pub(crate) async fn get(client: &ClientWrapper, seq: Seq) -> Result<Option<StoredDelivery>, PgError> {
    let sql = format!("SELECT {COLUMNS}, body FROM webhook_inbox.delivery WHERE seq = $1");
    let Some(found) = client.query_opt(&sql, &[&seq.get()]).await? else { return Ok(None) };
    let mut delivery = delivery(&found);
    delivery.row.sinks = dispatches(client, &[seq.get()]).await?.remove(&seq).unwrap_or_default();
    Ok(Some(delivery))
}

/// The states of each of these deliveries at the sinks.
pub(crate) async fn dispatches(
    client: &ClientWrapper,
    seqs: &[i64],
) -> Result<HashMap<Seq, Vec<Dispatch>>, PgError> {
    let rows = client
        .query(
            "SELECT seq, sink, state, attempts, due_at, error FROM webhook_inbox.dispatch
             WHERE seq = ANY($1) ORDER BY seq, sink",
            &[&seqs],
        )
        .await?;
    let mut sinks = HashMap::<Seq, Vec<Dispatch>>::new();
    for row in rows {
        sinks.entry(Seq::new(row.get(0))).or_default().push(Dispatch {
            sink: row.get(1),
            state: State::from_code(row.get(2)).unwrap_or(State::Dead),
            attempts: number(row.get(3)),
            due_at: time(row.get(4)),
            error: row.get(5),
        });
    }
    Ok(sinks)
}

/// A row with its body at the end.
pub(crate) fn delivery(found: &SqlRow) -> StoredDelivery {
    StoredDelivery { row: row(found), body: Bytes::from(found.get::<_, Vec<u8>>(13)) }
}

fn row(row: &SqlRow) -> Row {
    Row {
        seq: Seq::new(row.get(0)),
        vendor: row.get(1),
        route: row.get(2),
        key: row.get(3),
        event: row.get(4),
        account: row.get(5),
        occurred_at: row.get::<_, Option<i64>>(6).map(time),
        received_at: time(row.get(7)),
        copies: unsigned(row.get(8)),
        last_at: time(row.get(9)),
        headers: serde_json::from_str(row.get(10)).unwrap_or_default(),
        pruned_at: row.get::<_, Option<i64>>(11).map(time),
        body_bytes: u64::from(number(row.get(12))),
        sinks: Vec::new(),
    }
}

pub(crate) async fn attempts(client: &ClientWrapper, seq: Seq) -> Result<Vec<Attempt>, PgError> {
    let rows = client
        .query(
            "SELECT sink, number, at, ended, note FROM webhook_inbox.attempt WHERE seq = $1 ORDER BY at, sink, number",
            &[&seq.get()],
        )
        .await?;
    let attempt = |row: &SqlRow| Attempt {
        sink: row.get(0),
        number: number(row.get(1)),
        at: time(row.get(2)),
        ended: Ended::from_code(row.get(3)).unwrap_or(Ended::Dead),
        note: row.get(4),
    };
    Ok(rows.iter().map(attempt).collect())
}

pub(crate) async fn is_sink(client: &ClientWrapper, sink: &str) -> Result<bool, PgError> {
    Ok(client.query_opt("SELECT 1 FROM webhook_inbox.sink WHERE name = $1", &[&sink]).await?.is_some())
}

pub(crate) async fn counts(
    client: &ClientWrapper,
    finished: bool,
    now: i64,
) -> Result<Vec<SinkCounts>, PgError> {
    let sinks = client.query("SELECT name, paused_until FROM webhook_inbox.sink ORDER BY name", &[]).await?;
    let mut counts = Vec::with_capacity(sinks.len());
    for sink in sinks {
        counts.push(counts_of(client, sink.get(0), sink.get(1), finished, now).await?);
    }
    Ok(counts)
}

async fn counts_of(
    client: &ClientWrapper,
    sink: String,
    paused_until: i64,
    finished: bool,
    now: i64,
) -> Result<SinkCounts, PgError> {
    let open = client
        .query_one(
            "SELECT pending + later, claimed,
                    (SELECT received_at FROM webhook_inbox.delivery WHERE seq = least(oldest, oldest_later)),
                    (SELECT count(*) FROM webhook_inbox.dispatch WHERE sink = $1 AND state = 3)
             FROM (SELECT count(*) FILTER (WHERE state = 0) AS pending, count(*) FILTER (WHERE state = 1) AS claimed,
                          min(seq) AS oldest
                   FROM webhook_inbox.dispatch WHERE sink = $1 AND state < 2) AS open,
                  -- What is older than the sink and not dispatched yet.
                  (SELECT count(seq) AS later, min(seq) AS oldest_later
                   FROM webhook_inbox.sink JOIN webhook_inbox.delivery
                        ON seq > backfill_after AND seq <= backfill_to AND pruned_at IS NULL
                   WHERE name = $1) AS older",
            &[&sink],
        )
        .await?;
    let (mut done, mut skipped) = (None, None);
    if finished {
        let row = client
            .query_one(
                "SELECT count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 4)
                 FROM webhook_inbox.dispatch WHERE sink = $1",
                &[&sink],
            )
            .await?;
        (done, skipped) = (Some(unsigned(row.get(0))), Some(unsigned(row.get(1))));
    }
    Ok(SinkCounts {
        pending: unsigned(open.get(0)),
        claimed: unsigned(open.get(1)),
        dead: unsigned(open.get(3)),
        done,
        skipped,
        oldest_pending_at: open.get::<_, Option<i64>>(2).map(time),
        paused_until: (paused_until > now).then(|| time(paused_until)),
        sink,
    })
}

pub(crate) async fn received(client: &ClientWrapper, steps: Steps) -> Result<Vec<u64>, PgError> {
    let sql = "SELECT (received_at - $1) / $2, count(*) FROM webhook_inbox.delivery
               WHERE received_at >= $1 AND received_at < $3 GROUP BY 1";
    let mut counts = steps.empty();
    for row in client.query(sql, &[&steps.from, &steps.length, &steps.end()]).await? {
        Steps::put(&mut counts, row.get(0), unsigned(row.get(1)));
    }
    Ok(counts)
}

pub(crate) async fn check(client: &ClientWrapper, deep: bool) -> Result<Health, PgError> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version'), (SELECT version FROM webhook_inbox.meta),
                    (SELECT count(*) FROM webhook_inbox.delivery),
                    (SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
                     WHERE relnamespace = $1::text::regnamespace AND relkind = 'r')",
            &[&schema::SCHEMA],
        )
        .await?;
    let mut problems = Vec::new();
    if deep {
        // Reads every row and every body, which fails where one cannot be read.
        client.query_one("SELECT sum(length(body || ''::bytea)) FROM webhook_inbox.delivery", &[]).await?;
        let strays: i64 = client
            .query_one(
                "SELECT count(*) FROM webhook_inbox.dispatch
                 WHERE NOT EXISTS(SELECT 1 FROM webhook_inbox.delivery WHERE delivery.seq = dispatch.seq)",
                &[],
            )
            .await?
            .get(0);
        if strays > 0 {
            problems.push(format!("{strays} dispatches without a delivery"));
        }
    }
    let version: String = row.get(0);
    Ok(Health {
        store: format!("PostgreSQL {version}"),
        problems,
        schema: number(row.get(1)),
        deliveries: unsigned(row.get(2)),
        bytes: unsigned(row.get(3)),
        free_bytes: None,
    })
}

/// The values as the driver takes them.
pub(crate) fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| match value {
            Value::Text(text) => text as &(dyn ToSql + Sync),
            Value::Number(number) => number as _,
        })
        .collect()
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub(crate) fn number(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{PostgresStore, schema};
    use super::*;
    use crate::Inbox;
    use crate::filter::listed;

    /// What the server chooses depends on what is stored: many deliveries, received one in a second.
    const FILL: &str = "
        INSERT INTO webhook_inbox.sink(name, created_at) VALUES ('tickets', 1), ('archive', 1);
        INSERT INTO webhook_inbox.delivery(vendor, route, key, dedup, event, account, received_at, last_at, headers, body)
        SELECT (ARRAY['qase', 'deepsource'])[1 + number % 2], (ARRAY['a', 'b'])[1 + number % 2], 'id:' || number, 'id:' || number,
               (ARRAY['run.completed', 'defect.created'])[1 + number % 2], 'ORBIT', 1772366400000 + number * 1000, 1,
               '[]', convert_to(repeat('x', 1500), 'UTF8')
        FROM generate_series(1, 20000) AS number;
        INSERT INTO webhook_inbox.dispatch(seq, sink, state, due_at)
        SELECT seq, name, CASE WHEN seq % 1000 = 0 THEN 3 ELSE 2 END, 1 FROM webhook_inbox.delivery, webhook_inbox.sink;
        ANALYZE webhook_inbox.delivery, webhook_inbox.dispatch;";

    /// A page of 50 must cost what 50 cost, however many there are: nothing is sorted, and rows that do not match are
    /// skipped without reading their bodies.
    #[tokio::test]
    async fn a_page_reads_an_index_in_its_order_whatever_the_filter() {
        let Some(url) = schema::server::database().await else { return };
        drop(PostgresStore::open(&url, &Inbox::options()).await.unwrap());
        let client = schema::server::connect(&url).await;
        client.batch_execute(FILL).await.unwrap();
        client.batch_execute("VACUUM webhook_inbox.delivery, webhook_inbox.dispatch").await.unwrap();
        for (name, filter) in listed() {
            for after in [None, Some(Seq::new(7))] {
                let (sql, _, values) = page(&filter, after, 51);
                let explained = client.query(&format!("EXPLAIN {sql}"), &parameters(&values)).await.unwrap();
                let plan: Vec<String> = explained.iter().map(|line| line.get(0)).collect();
                // What is found by its own index is little, and is sorted.
                let is_one = filter.seq.is_some() || filter.key.is_some();
                let is_little = is_one || !filter.states.is_empty();
                let sorts = plan.iter().any(|step| step.contains("Sort")) && !is_little;
                let reads_bodies = plan.iter().any(|step| {
                    step.contains("Seq Scan on delivery") || step.contains("Index Scan using delivery_once")
                });
                let index = if filter.is_by_time() { "delivery_by_time" } else { "delivery_shown" };
                let by_index = plan.iter().any(|step| {
                    step.contains("Index Only Scan")
                        && (step.contains(index) || (step.contains("delivery_pkey") && is_one))
                });
                assert!(!sorts && !reads_bodies && by_index, "{name} behind {after:?}: {plan:#?}");
            }
        }
    }
}
