//! Storing deliveries.

use rusqlite::{Connection, OptionalExtension, params};

use crate::dedup::{Dedup, FINGERPRINT_WINDOW};
use crate::new_delivery::NewDelivery;
use crate::store::{headers_to_text, millis, span};
use crate::stored::{Kept, Seq};

pub(crate) fn put(connection: &Connection, batch: &[NewDelivery], now: i64) -> rusqlite::Result<Vec<Kept>> {
    batch.iter().map(|new| one(connection, new, now)).collect()
}

fn one(connection: &Connection, new: &NewDelivery, now: i64) -> rusqlite::Result<Kept> {
    let kept = if let Some(kept) = insert(connection, new, now)? {
        kept
    } else {
        // The key belongs to a delivery whose window has ended: it is reused for this one.
        connection
            .prepare_cached(
                "UPDATE delivery SET dedup = NULL WHERE vendor = ?1 AND route = ?2 AND dedup = ?3",
            )?
            .execute(params![new.vendor, new.route, new.key])?;
        insert(connection, new, now)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?
    };
    if let Kept::New(seq) = kept {
        connection
            .prepare_cached("INSERT INTO dispatch(seq, sink, due_at) SELECT ?1, name, ?2 FROM sink")?
            .execute([seq.get(), now])?;
    }
    Ok(kept)
}

/// Stores a delivery, or counts it as a copy. Does neither if the key's window has ended.
fn insert(connection: &Connection, new: &NewDelivery, now: i64) -> rusqlite::Result<Option<Kept>> {
    let (unique, until) = match new.dedup {
        Dedup::Forever => (true, None),
        Dedup::InWindow => (true, Some(now.saturating_add(span(FINGERPRINT_WINDOW)))),
        Dedup::For(window) => (true, Some(now.saturating_add(span(window)))),
        Dedup::Never => (false, None),
    };
    connection
        .prepare_cached(
            "INSERT INTO delivery(vendor, route, key, dedup, dedup_until, event, account, occurred_at, received_at,
                                  last_at, headers, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11)
             ON CONFLICT(vendor, route, dedup) DO UPDATE SET copies = copies + 1, last_at = excluded.last_at
             WHERE dedup_until IS NULL OR dedup_until > excluded.received_at
             RETURNING seq, copies",
        )?
        .query_row(
            params![
                new.vendor,
                new.route,
                new.key,
                unique.then_some(&new.key),
                until,
                new.event,
                new.account,
                new.occurred_at.map(millis),
                now,
                headers_to_text(&new.headers),
                &new.body[..],
            ],
            |row| {
                let seq = Seq::new(row.get(0)?);
                Ok(if row.get::<_, i64>(1)? == 1 { Kept::New(seq) } else { Kept::Again(seq) })
            },
        )
        .optional()
}
