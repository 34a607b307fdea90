//! Storing deliveries: a batch of any size is one statement.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::{ClientWrapper, Transaction};
use tokio_postgres::{Error as PgError, Row as SqlRow, SimpleQueryMessage};

use super::connect::FSYNC_ON;
use crate::dedup::{Dedup, FINGERPRINT_WINDOW};
use crate::new_delivery::NewDelivery;
use crate::store::{headers_to_text, millis, span};
use crate::stored::{Kept, Seq};

/// The identity of a delivery. Receivers lock shared rows in its order, which prevents deadlocks.
type Identity<'a> = (&'a str, &'a str, &'a str);

/// Deliveries of one identity in one batch.
struct Group<'a> {
    first: &'a NewDelivery,
    places: Vec<usize>,
}

/// Stores one for each identity, or counts its copies. Keys whose window has ended are left out.
///
/// Numbers are taken in the order of arrival, rows in the order of their identity.
const INSERT: &str = "
    WITH new AS MATERIALIZED (
      SELECT nextval('webhook_inbox.delivery_seq_seq') AS seq, unnested.*
      FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::text[],
                  $10::bytea[], $11::bigint[])
           AS unnested(vendor, route, key, dedup_until, event, account, occurred_at, headers, body, copies)
    ), inserted AS (
      INSERT INTO webhook_inbox.delivery(seq, vendor, route, key, dedup, dedup_until, event, account, occurred_at,
                                         received_at, last_at, headers, body, copies)
      OVERRIDING SYSTEM VALUE
      SELECT seq, vendor, route, key, key, dedup_until, event, account, occurred_at, $1::bigint, $1::bigint, headers,
             body, copies
      FROM new ORDER BY vendor COLLATE \"C\", route COLLATE \"C\", key COLLATE \"C\"
      ON CONFLICT (vendor, route, dedup)
      DO UPDATE SET copies = delivery.copies + excluded.copies, last_at = excluded.last_at
      WHERE delivery.dedup_until IS NULL OR delivery.dedup_until > excluded.received_at
      RETURNING seq, vendor, route, dedup, copies
    ), fresh AS (
      SELECT inserted.seq FROM inserted JOIN new USING (seq)
    ), dispatched AS (
      INSERT INTO webhook_inbox.dispatch(seq, sink, due_at) SELECT seq, name, $1 FROM fresh, webhook_inbox.sink
    )
    SELECT inserted.seq, inserted.vendor, inserted.route, inserted.dedup, new.seq IS NOT NULL
    FROM inserted LEFT JOIN new ON new.seq = inserted.seq";

/// The result of storing a batch.
pub(crate) enum Put {
    Stored(Vec<Kept>),
    /// Nothing is stored: a key was taken and expired in between.
    Expired,
    /// Nothing is stored, because the server does not write to disk. The value is its setting of `fsync`.
    NotDurable(String),
}

/// Stores a complete batch, or nothing.
pub(crate) async fn put(client: &mut ClientWrapper, batch: &[NewDelivery], now: i64) -> Result<Put, PgError> {
    let transaction = client.transaction().await?;
    // The registration of a sink either waits for this batch, or this batch sees the sink. Neither waits for readers.
    let answer = transaction
        .simple_query("LOCK TABLE webhook_inbox.sink IN ROW SHARE MODE; SELECT current_setting('fsync')")
        .await?;
    let fsync = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    if fsync != Some(FSYNC_ON) {
        let fsync = fsync.unwrap_or_default().to_owned();
        transaction.rollback().await?;
        return Ok(Put::NotDurable(fsync));
    }
    if batch.is_empty() {
        transaction.execute("UPDATE webhook_inbox.meta SET clock = greatest(clock, $1)", &[&now]).await?;
    }
    let mut kept: Vec<Option<Kept>> = vec![None; batch.len()];
    let mut groups: BTreeMap<Identity<'_>, Group<'_>> = BTreeMap::new();
    for (place, new) in batch.iter().enumerate() {
        if new.dedup == Dedup::Never {
            let seq = insert_without_key(&transaction, new, now).await?;
            if let Some(kept) = kept.get_mut(place) {
                *kept = Some(Kept::New(seq));
            }
            continue;
        }
        let identity = (new.vendor.as_str(), new.route.as_str(), new.key.as_str());
        groups.entry(identity).or_insert(Group { first: new, places: Vec::new() }).places.push(place);
    }
    // First, so that deliveries that replace expired ones keep the order of arrival.
    if groups.values().any(|group| dedup_until(group.first, now).is_some()) {
        expire(&transaction, &groups, now).await?;
    }
    insert(&transaction, &mut groups, &mut kept, now).await?;
    if !groups.is_empty() {
        // Another receiver has stored a key whose window has already ended.
        expire(&transaction, &groups, now).await?;
        insert(&transaction, &mut groups, &mut kept, now).await?;
    }
    let Some(kept) = kept.into_iter().collect::<Option<Vec<_>>>() else {
        transaction.rollback().await?;
        return Ok(Put::Expired);
    };
    transaction.commit().await?;
    Ok(Put::Stored(kept))
}

/// Stores groups and removes the stored ones from the list.
async fn insert(
    transaction: &Transaction<'_>,
    groups: &mut BTreeMap<Identity<'_>, Group<'_>>,
    kept: &mut [Option<Kept>],
    now: i64,
) -> Result<(), PgError> {
    if groups.is_empty() {
        return Ok(());
    }
    let mut arrived: Vec<&Group<'_>> = groups.values().collect();
    arrived.sort_by_key(|group| group.places.first().copied());
    let firsts = || arrived.iter().map(|group| group.first);
    let of = |read: fn(&NewDelivery) -> &str| firsts().map(read).collect::<Vec<_>>();
    let (vendors, routes, keys) = (of(|new| &new.vendor), of(|new| &new.route), of(|new| &new.key));
    let until: Vec<Option<i64>> = firsts().map(|new| dedup_until(new, now)).collect();
    let events: Vec<Option<&str>> = firsts().map(|new| new.event.as_deref()).collect();
    let accounts: Vec<Option<&str>> = firsts().map(|new| new.account.as_deref()).collect();
    let occurred: Vec<Option<i64>> = firsts().map(|new| new.occurred_at.map(millis)).collect();
    let headers: Vec<String> = firsts().map(|new| headers_to_text(&new.headers)).collect();
    let bodies: Vec<&[u8]> = firsts().map(|new| &new.body[..]).collect();
    let copies: Vec<i64> =
        arrived.iter().map(|group| i64::try_from(group.places.len()).unwrap_or(i64::MAX)).collect();
    let statement = transaction.prepare_cached(INSERT).await?;
    let rows = transaction
        .query(
            &statement,
            &[
                &now, &vendors, &routes, &keys, &until, &events, &accounts, &occurred, &headers, &bodies,
                &copies,
            ],
        )
        .await?;
    let found: HashMap<Identity<'_>, &SqlRow> =
        rows.iter().map(|row| ((row.get(1), row.get(2), row.get(3)), row)).collect();
    groups.retain(|&identity, group| {
        let Some(row) = found.get(&identity) else { return true };
        let seq = Seq::new(row.get(0));
        // An existing row has another number than the one that was reserved for it.
        let new: bool = row.get(4);
        for (number, place) in group.places.iter().enumerate() {
            if let Some(kept) = kept.get_mut(*place) {
                *kept = Some(if new && number == 0 { Kept::New(seq) } else { Kept::Again(seq) });
            }
        }
        false
    });
    Ok(())
}

/// Removes keys from deliveries whose window has ended, so that deliveries of this batch can use them.
async fn expire(
    transaction: &Transaction<'_>,
    groups: &BTreeMap<Identity<'_>, Group<'_>>,
    now: i64,
) -> Result<(), PgError> {
    let vendors: Vec<&str> = groups.keys().map(|key| key.0).collect();
    let routes: Vec<&str> = groups.keys().map(|key| key.1).collect();
    let keys: Vec<&str> = groups.keys().map(|key| key.2).collect();
    transaction
        .execute(
            "UPDATE webhook_inbox.delivery SET dedup = NULL
             WHERE (vendor, route, dedup) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))
               AND dedup_until <= $4",
            &[&vendors, &routes, &keys, &now],
        )
        .await?;
    Ok(())
}

async fn insert_without_key(
    transaction: &Transaction<'_>,
    new: &NewDelivery,
    now: i64,
) -> Result<Seq, PgError> {
    let row = transaction
        .query_one(
            "WITH inserted AS (
               INSERT INTO webhook_inbox.delivery(vendor, route, key, event, account, occurred_at, received_at, last_at,
                                                  headers, body)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9) RETURNING seq
             ), dispatched AS (
               INSERT INTO webhook_inbox.dispatch(seq, sink, due_at) SELECT seq, name, $7 FROM inserted, webhook_inbox.sink
             )
             SELECT seq FROM inserted",
            &[
                &new.vendor,
                &new.route,
                &new.key,
                &new.event,
                &new.account,
                &new.occurred_at.map(millis),
                &now,
                &headers_to_text(&new.headers),
                &&new.body[..],
            ],
        )
        .await?;
    Ok(Seq::new(row.get(0)))
}

fn dedup_until(new: &NewDelivery, now: i64) -> Option<i64> {
    match new.dedup {
        Dedup::Forever | Dedup::Never => None,
        Dedup::InWindow => Some(now.saturating_add(span(FINGERPRINT_WINDOW))),
        Dedup::For(window) => Some(now.saturating_add(span(window))),
    }
}
