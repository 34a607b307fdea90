//! An inbox with deliveries of every kind, made before the process opens it.

use std::time::Duration;

use tempfile::TempDir;
use webhook_core::{Delivery, IdempotencyKey};
use webhook_inbox::{Backoff, Filter, Inbox, NewDelivery, Outcome, Seq, Start};

/// A text with everything that a page must not obey.
pub(crate) const HOSTILE: &str = "<script>document.title='owned'</script>\u{202e}gpj.exe\u{2066}\
     \"'><img src=x onerror=\"document.title='owned'\"> javascript:document.title='owned'";

pub(crate) struct Store {
    pub(crate) url: String,
    folder: TempDir,
}

impl Store {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite:{}", folder.path().join("inbox.db").display()), folder }
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn open(&self) -> Inbox {
        Inbox::open(&self.url).await.unwrap()
    }

    /// The store at an address.
    pub(crate) fn at(url: String) -> Self {
        Self { url, ..Self::new() }
    }

    /// Changes the tables: the clock of an inbox cannot be set from outside.
    pub(crate) async fn change(&self, sql: &str) {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
            return;
        }
        let (client, connection) = tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = webhook_inbox; {sql}")).await.unwrap();
    }

    /// Sets the time of receipt of every delivery, by an expression of its number.
    pub(crate) async fn receive_at(&self, expression: &str) {
        self.change(&format!("UPDATE delivery SET received_at = {expression}")).await;
    }

    /// Deliveries 1 to 6: two that are done, one with drift, one that is dead at a sink, one hostile, one large.
    pub(crate) async fn filled() -> Self {
        let store = Self::new();
        let inbox = store.open().await;
        for number in 1..=2 {
            keep(&inbox, &qase(number, "")).await;
        }
        keep(&inbox, &qase(3, r#""flaky_rate":0.25,"#)).await;
        keep(&inbox, r#"{"id":"evt-4","type":"test.event","createdAt":1770705612,"data":{"test":true}}"#)
            .await;
        keep_hostile(&inbox).await;
        let large = qase(6, &format!("\"note\":\"{}\",", "large ".repeat(5 << 20 >> 3)));
        keep(&inbox, &large).await;
        let tickets = inbox
            .consumer("tickets")
            .max_attempts(3)
            .retry(Backoff::constant(Duration::from_millis(10)))
            .on_raw(async |delivery, _| {
                let seq = delivery.row.seq.get();
                if seq == 4 {
                    Outcome::retry().note("502 from http://tickets.example/")
                } else {
                    Outcome::done()
                }
            });
        tickets.run(settled(&inbox, "tickets")).await.unwrap();
        inbox.register("archive", Start::Oldest).await.unwrap();
        inbox.close().await.unwrap();
        store
    }
}

/// Keeps so many completed runs; the fourth is a started one.
pub(crate) async fn keep_many(inbox: &Inbox, count: usize) {
    let keep = |number: usize| {
        let inbox = inbox.clone();
        async move {
            let mut new = NewDelivery::raw("qase", &IdempotencyKey::vendor(&number.to_string()), qase(1, ""));
            new.event = Some(if number == 3 { "run.started" } else { "run.completed" }.to_owned());
            inbox.keep_raw(new).await.unwrap();
        }
    };
    // One after the other, because those that are kept at the same time get their numbers in any order.
    for number in 0..4 {
        keep(number).await;
    }
    let mut keeping = tokio::task::JoinSet::new();
    for number in 4..count {
        keeping.spawn(keep(number));
        if keeping.len() > 2_000 {
            keeping.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(kept) = keeping.join_next().await {
        kept.unwrap();
    }
}

/// Waits until a sink has nothing left to do.
async fn settled(inbox: &Inbox, sink: &str) {
    for _ in 0..1_000 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let counts = inbox.backlog().await.unwrap();
        if counts.iter().any(|counts| counts.sink == sink && counts.pending + counts.claimed == 0) {
            return;
        }
    }
    panic!("{sink} did not settle");
}

pub(crate) fn qase(number: u32, more: &str) -> String {
    format!(
        r#"{{"event_name":"run.completed","timestamp":{},"payload":{{{more}"id":{number},"cases":3,"passed":2,"failed":1,"blocked":0,"duration":70}},"team_member_id":7012,"project_code":"ORBIT"}}"#,
        1_770_830_000 + number
    )
}

pub(crate) async fn keep(inbox: &Inbox, body: &str) -> Seq {
    let body = body.to_owned();
    let kept = if body.contains("event_name") {
        inbox.keep(&Delivery::<qase_webhooks::Webhook>::from_unverified(body)).await
    } else {
        inbox.keep(&Delivery::<deepsource_webhooks::Webhook>::from_unverified(body)).await
    };
    kept.unwrap().seq()
}

/// A delivery in which every text that the sender decides is hostile.
async fn keep_hostile(inbox: &Inbox) {
    let text = serde_json::to_string(HOSTILE).unwrap();
    let body = format!(
        r#"{{"event_name":{text},{text}:{text},"payload":{{{text}:[{text}]}},"project_code":{text}}}"#
    );
    let mut new = NewDelivery::raw("qase", &IdempotencyKey::vendor(HOSTILE), body);
    new.event = Some(HOSTILE.to_owned());
    new.account = Some(HOSTILE.to_owned());
    new.headers = vec![("user-agent".to_owned(), HOSTILE.to_owned())];
    inbox.keep_raw(new).await.unwrap();
}

pub(crate) async fn pending(inbox: &Inbox, seq: i64) -> usize {
    let rows = inbox.list(&Filter::default().seq(Seq::new(seq)), None, 1).await.unwrap();
    rows[0].sinks.iter().filter(|sink| sink.state.as_str() == "pending").count()
}
