//! The tables, their version, and the check that the schema belongs to an inbox.

use deadpool_postgres::ClientWrapper;

use crate::error::Error;

/// The schema of the database that contains all tables.
pub(crate) const SCHEMA: &str = "webhook_inbox";

/// Each step migrates from the version of its index to the next.
const STEPS: &[&str] =
    &[include_str!("schema.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// The lock for several processes that start at the same time.
const LOCK: i64 = 0x5762_6849;

/// The tables of an inbox, which another program is unlikely to have both.
const IS_OURS: &str =
    "to_regclass('webhook_inbox.meta') IS NOT NULL AND to_regclass('webhook_inbox.dispatch') IS NOT NULL";

/// Whether there is nothing to create or to migrate.
pub(crate) async fn is_current(client: &mut ClientWrapper, label: &str) -> Result<bool, Error> {
    let failed = |error| super::failure(label, "read the version of the tables", &error);
    if !client.query_one(&format!("SELECT {IS_OURS}"), &[]).await.map_err(failed)?.get::<_, bool>(0) {
        return Ok(false);
    }
    let row = client.query_one("SELECT version FROM webhook_inbox.meta", &[]).await.map_err(failed)?;
    Ok(usize::try_from(row.get::<_, i32>(0)) == Ok(STEPS.len()))
}

/// Creates missing tables, and migrates older ones. It takes as long as it must: indexes of a large store are built, others
/// may hold its tables, and other processes that start wait here.
pub(crate) async fn migrate(client: &mut ClientWrapper, label: &str) -> Result<(), Error> {
    migrate_by(client, label, STEPS).await
}

async fn migrate_by(client: &mut tokio_postgres::Client, label: &str, steps: &[&str]) -> Result<(), Error> {
    let newest = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    let failed = |error| super::failure(label, "create or migrate the tables", &error);
    let transaction = client.transaction().await.map_err(failed)?;
    transaction.batch_execute("SET LOCAL statement_timeout = 0").await.map_err(failed)?;
    // Released at the end of the transaction in every case.
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(failed)?;
    let found = transaction
        .query_one(
            &format!(
                "SELECT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = $1),
                        EXISTS(SELECT 1 FROM pg_tables WHERE schemaname = $1), {IS_OURS}"
            ),
            &[&SCHEMA],
        )
        .await
        .map_err(failed)?;
    let (schema, tables, ours): (bool, bool, bool) = (found.get(0), found.get(1), found.get(2));
    if tables && !ours {
        return Err(Error::refused(format!(
            "{label} has a schema {SCHEMA} of another program: use a separate database for the inbox"
        )));
    }
    let mut version: i32 = 0;
    if ours {
        let row =
            transaction.query_one("SELECT version FROM webhook_inbox.meta", &[]).await.map_err(failed)?;
        version = row.get(0);
    }
    if !(0..=newest).contains(&version) {
        return Err(Error::refused(format!(
            "{label} has schema version {version}, and this program supports versions up to {newest}: update the program"
        )));
    }
    if (1..newest).contains(&version) {
        tracing::info!(
            from = version,
            to = newest,
            "the tables are migrated, which takes long if there is much in them"
        );
    }
    if !schema {
        transaction.batch_execute("CREATE SCHEMA webhook_inbox").await.map_err(failed)?;
    }
    for step in steps.iter().skip(usize::try_from(version).unwrap_or_default()) {
        transaction.batch_execute(step).await.map_err(failed)?;
    }
    transaction.execute("UPDATE webhook_inbox.meta SET version = $1", &[&newest]).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

#[cfg(test)]
#[path = "../../../tests/suite/server.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests of the inbox use all of it")]
pub(super) mod server;

#[cfg(test)]
mod tests {
    use tokio_postgres::Client;

    use super::server::{connect, database};
    use super::*;

    /// What a later version may do to the tables of the first one.
    const LATER: &str = "ALTER TABLE webhook_inbox.delivery ADD COLUMN later text NOT NULL DEFAULT 'unknown'";

    /// None where there is no server.
    async fn first() -> Option<Client> {
        let mut client = connect(&database().await?).await;
        migrate_by(&mut client, "test", &STEPS[..1]).await.unwrap();
        let insert =
            "INSERT INTO webhook_inbox.delivery(vendor, route, key, received_at, last_at, headers, body)
                      VALUES ('qase', '', 'id:1', 1, 1, '[]', '{}')";
        client.batch_execute(insert).await.unwrap();
        Some(client)
    }

    async fn rows_with(client: &Client, condition: &str) -> Result<i64, tokio_postgres::Error> {
        let sql = format!("SELECT count(*) FROM webhook_inbox.delivery WHERE {condition}");
        Ok(client.query_one(&sql, &[]).await?.get(0))
    }

    async fn version(client: &Client) -> i32 {
        client.query_one("SELECT version FROM webhook_inbox.meta", &[]).await.unwrap().get(0)
    }

    #[tokio::test]
    async fn an_older_schema_is_brought_up_to_date_and_keeps_its_rows() {
        let Some(mut client) = first().await else { return };
        let steps = [STEPS[0], LATER, "CREATE TABLE webhook_inbox.third(a int)"];
        // The second time finds nothing to do.
        for _ in 0..2 {
            migrate_by(&mut client, "test", &steps).await.unwrap();
            assert_eq!(version(&client).await, 3);
            assert_eq!(rows_with(&client, "key = 'id:1' AND later = 'unknown'").await.unwrap(), 1);
        }
        let refused = migrate_by(&mut client, "test", &steps[..2]).await.unwrap_err();
        assert!(refused.to_string().contains("schema version 3"), "{refused}");
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_the_older_schema_as_it_was() {
        let Some(mut client) = first().await else { return };
        let steps = [STEPS[0], LATER, "CREATE TABLE webhook_inbox.delivery(a int)"];
        migrate_by(&mut client, "test", &steps).await.unwrap_err();
        assert_eq!(version(&client).await, 1);
        assert!(rows_with(&client, "later = 'unknown'").await.is_err(), "the column is not there");
        assert_eq!(rows_with(&client, "key = 'id:1'").await.unwrap(), 1);
    }
}
