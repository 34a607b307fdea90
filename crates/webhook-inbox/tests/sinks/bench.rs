//! An inbox with deliveries, and a consumer that runs until its sink is through.

use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use webhook_core::{Delivery, IdempotencyKey};
use webhook_inbox::sinks::Sink;
use webhook_inbox::{
    Attempt, Backoff, Consumer, Error, Filter, Handled, Inbox, NewDelivery, Row, SinkCounts, State,
};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An inbox of its own for each test, with one sink that is called `sink`.
pub(crate) struct Bench {
    pub(crate) inbox: Inbox,
    pub(crate) folder: TempDir,
}

/// A consumer that is running.
pub(crate) struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<Handled, Error>>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("inbox.db").display());
        Self { inbox: Inbox::open(&url).await.unwrap(), folder }
    }

    /// Keeps a completed run.
    pub(crate) async fn keep_run(&self) -> Row {
        let sample =
            qase_webhooks::samples::all().iter().find(|sample| sample.event() == "run.completed").unwrap();
        self.keep(NewDelivery::of(&sample.delivery())).await
    }

    /// Keeps deliveries that do not resemble each other.
    pub(crate) async fn keep_numbered(&self, count: usize) {
        for number in 0..count {
            let body = format!(
                r#"{{"id":"{number}","type":"test.event","createdAt":1770705612,"data":{{"test":true}}}}"#
            );
            let delivery = Delivery::<deepsource_webhooks::Webhook>::from_unverified(body);
            self.inbox.keep(&delivery).await.unwrap();
        }
    }

    /// Keeps what is no webhook.
    pub(crate) async fn keep_bytes(&self, body: impl Into<Vec<u8>>) -> Row {
        let body = body.into();
        self.keep(NewDelivery::raw("qase", &IdempotencyKey::fingerprint(&body), body)).await
    }

    pub(crate) async fn keep(&self, new: NewDelivery) -> Row {
        let seq = self.inbox.keep_raw(new).await.unwrap().seq();
        self.inbox.get(seq).await.unwrap().unwrap().row
    }

    /// A consumer that does not wait long between attempts.
    pub(crate) fn consumer(&self, sink: impl Sink) -> Consumer {
        self.inbox.consumer("sink").retry(Backoff::constant(Duration::from_millis(1))).sink(sink)
    }

    /// Runs a sink until nothing is left to do.
    pub(crate) async fn drain(&self, sink: impl Sink) -> Handled {
        let running = start(self.consumer(sink));
        self.until(|counts| counts.pending + counts.claimed == 0).await;
        running.stop().await
    }

    /// Waits until the sink is so far.
    pub(crate) async fn until(&self, is_so: impl Fn(&SinkCounts) -> bool) -> SinkCounts {
        let wait = async {
            loop {
                let counts = self.inbox.counts().await.unwrap();
                if let Some(counts) = counts.into_iter().find(|counts| is_so(counts)) {
                    return counts;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }

    /// The attempts for the only delivery.
    pub(crate) async fn attempts(&self) -> Vec<Attempt> {
        let rows = self.inbox.list(&Filter::all(), None, 2).await.unwrap();
        assert_eq!(rows.len(), 1);
        self.inbox.attempts(rows[0].seq).await.unwrap()
    }

    /// The notes of the attempts for the only delivery.
    pub(crate) async fn notes(&self) -> Vec<String> {
        self.attempts().await.into_iter().map(|attempt| attempt.note.unwrap_or_default()).collect()
    }

    /// What became of the only delivery.
    pub(crate) async fn state(&self) -> State {
        let rows = self.inbox.list(&Filter::all(), None, 2).await.unwrap();
        rows[0].sinks[0].state
    }
}

pub(crate) fn start(consumer: Consumer) -> Running {
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(consumer.run(async {
        let _ = stopped.await;
    }));
    Running { stop, task }
}

impl Running {
    pub(crate) async fn stop(self) -> Handled {
        let _ = self.stop.send(());
        self.task.await.unwrap().unwrap()
    }
}
