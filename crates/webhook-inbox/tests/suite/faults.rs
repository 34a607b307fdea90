//! A store that fails when it is told to.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use webhook_inbox::store::{Answer, Claim, Claimed, Lease, Settled};
use webhook_inbox::{
    Attempt, Error, ErrorKind, Filter, Health, Inbox, Kept, NewDelivery, Prune, Row, Seq, SinkCounts, Start,
    Steps, Store, StoredDelivery,
};

use crate::bench::{Place, numbered, on_every_store};

/// What may go wrong between the inbox and its store.
#[derive(Default)]
pub(crate) struct Faults {
    /// No call gets through.
    pub(crate) down: AtomicBool,
    /// Calls get through, and no answer ever comes.
    pub(crate) silent: AtomicBool,
    /// Of every so many calls one fails before it gets through, and another after it.
    pub(crate) every: AtomicU32,
    /// Renewals of leases wait.
    pub(crate) hold_renewals: AtomicBool,
    /// The number of renewals that have waited.
    pub(crate) renewals_held: AtomicU32,
    /// How many deliveries each batch had.
    pub(crate) batches: Mutex<Vec<usize>>,
    calls: AtomicU32,
}

pub(crate) struct Faulty {
    store: Arc<dyn Store>,
    faults: Arc<Faults>,
}

impl Faulty {
    pub(crate) fn over(store: Arc<dyn Store>) -> (Arc<dyn Store>, Arc<Faults>) {
        let faults = Arc::<Faults>::default();
        (Arc::new(Self { store, faults: Arc::clone(&faults) }), faults)
    }

    fn through<'a, T: Send + 'a>(
        &'a self,
        call: impl FnOnce() -> Answer<'a, T> + Send + 'a,
    ) -> Answer<'a, T> {
        Box::pin(async move {
            let injected = || Err(Error::unavailable("injected"));
            let every = self.faults.every.load(Ordering::Relaxed);
            let number = self.faults.calls.fetch_add(1, Ordering::Relaxed);
            let turn = number.checked_rem(every).unwrap_or(u32::MAX);
            if self.faults.down.load(Ordering::Relaxed) || turn == 0 {
                return injected();
            }
            let answer = call().await;
            if self.faults.silent.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            if turn == every / 2 { injected() } else { answer }
        })
    }
}

impl Store for Faulty {
    fn put(&self, batch: Vec<NewDelivery>) -> Answer<'_, Vec<Kept>> {
        self.faults.batches.lock().unwrap().push(batch.len());
        self.through(move || self.store.put(batch))
    }
    fn register(&self, sink: String, start: Start) -> Answer<'_, ()> {
        self.through(move || self.store.register(sink, start))
    }
    fn claim(&self, claim: Claim) -> Answer<'_, Vec<Claimed>> {
        self.through(move || self.store.claim(claim))
    }
    fn renew(&self, leases: Vec<Lease>, lease_time: Duration) -> Answer<'_, Vec<bool>> {
        Box::pin(async move {
            if self.faults.hold_renewals.load(Ordering::Relaxed) {
                self.faults.renewals_held.fetch_add(1, Ordering::Relaxed);
                while self.faults.hold_renewals.load(Ordering::Relaxed) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
            self.through(move || self.store.renew(leases, lease_time)).await
        })
    }
    fn settle(&self, batch: Vec<Settled>) -> Answer<'_, Vec<bool>> {
        self.through(move || self.store.settle(batch))
    }
    fn pause(&self, sink: String, pause: Duration) -> Answer<'_, ()> {
        self.through(move || self.store.pause(sink, pause))
    }
    fn list(&self, filter: Filter, after: Option<Seq>, limit: usize) -> Answer<'_, Vec<Row>> {
        self.store.list(filter, after, limit)
    }
    fn get(&self, seq: Seq) -> Answer<'_, Option<StoredDelivery>> {
        self.store.get(seq)
    }
    fn attempts(&self, seq: Seq) -> Answer<'_, Vec<Attempt>> {
        self.store.attempts(seq)
    }
    fn replay(&self, filter: Filter, sink: Option<String>) -> Answer<'_, u64> {
        self.store.replay(filter, sink)
    }
    fn prune(&self, prune: Prune) -> Answer<'_, u64> {
        self.store.prune(prune)
    }
    fn counts(&self, finished: bool) -> Answer<'_, Vec<SinkCounts>> {
        self.store.counts(finished)
    }
    fn received(&self, steps: Steps) -> Answer<'_, Vec<u64>> {
        self.store.received(steps)
    }
    fn check(&self, deep: bool) -> Answer<'_, Health> {
        self.store.check(deep)
    }
    fn close(&self) -> Answer<'_, ()> {
        self.store.close()
    }
}

on_every_store! {
    async fn a_store_that_is_down_is_an_error_at_once_and_recovers_without_a_delivery(place: Place) {
        let (store, faults) = Faulty::over(place.options().open_store(&place.url).await.unwrap());
        let inbox = Inbox::over(store, place.options());
        faults.down.store(true, Ordering::Relaxed);
        let error = inbox.keep(&numbered(1)).await.unwrap_err();
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Unavailable, 503));
        assert!(!inbox.last_commit_ok());
        assert_eq!((inbox.metrics().unavailable, inbox.metrics().commits_failed), (1, 1));
        faults.down.store(false, Ordering::Relaxed);
        while !inbox.last_commit_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(matches!(inbox.keep(&numbered(1)).await.unwrap(), Kept::New(_)));
    }

    async fn a_store_that_does_not_answer_is_an_error_within_the_deadline(place: Place) {
        let deadline = Duration::from_millis(300);
        let options = place.options().deadline(deadline);
        let (store, faults) = Faulty::over(options.open_store(&place.url).await.unwrap());
        let inbox = Inbox::over(store, options);
        faults.silent.store(true, Ordering::Relaxed);
        let answers = futures(50, |number| {
            let inbox = inbox.clone();
            async move { inbox.keep(&numbered(number)).await }
        });
        for answer in answers.await {
            assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unavailable);
        }
        faults.silent.store(false, Ordering::Relaxed);
        // What was answered with an error comes again: it may be new or not, and is there once.
        for number in 0..50 {
            while inbox.keep(&numbered(number)).await.is_err() {}
        }
        assert_eq!(inbox.list(&Filter::all(), None, 100).await.unwrap().len(), 50);
    }
}

async fn futures<T, R>(count: usize, make: impl Fn(usize) -> R) -> Vec<T>
where
    T: Send + 'static,
    R: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|number| tokio::spawn(make(number))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// Of a file that may not grow, as of a full disk, nothing is lost and nothing more is acknowledged.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_is_an_error_and_recovers_when_there_is_room() {
    let place = Place::sqlite();
    let inbox = place.options().max_bytes(8 << 20).open(&place.url).await.unwrap();
    let mut new = NewDelivery::of(&numbered(1));
    new.body = vec![b'x'; 1 << 20].into();
    let mut stored = 0;
    let error = loop {
        new.key = format!("id:{stored}");
        match inbox.keep_raw(new.clone()).await {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Unavailable, 503));
    assert!((4..8).contains(&stored), "{stored}");
    assert!(!inbox.last_commit_ok());
    assert_eq!(inbox.list(&Filter::all(), None, 1000).await.unwrap().len(), stored);
    assert!(inbox.check(true).await.unwrap().is_sound());
    assert_eq!(inbox.prune(&Prune::of(Filter::all())).await.unwrap(), stored as u64);
    assert!(matches!(inbox.keep_raw(new.clone()).await.unwrap(), Kept::New(_)));
    assert!(inbox.last_commit_ok());
}

/// The records of attempts also need room, and nothing can be pruned before they are written.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_is_emptied_by_its_consumers() {
    const BODY_BYTES: usize = 1000;

    let place = Place::sqlite();
    let options = place.options().max_bytes(2 << 20);
    let store = options.open_store(&place.url).await.unwrap();
    let inbox = Inbox::over(Arc::clone(&store), options);
    inbox.register("slow", Start::Oldest).await.unwrap();
    let mut new = NewDelivery::of(&numbered(1));
    new.body = vec![b'x'; BODY_BYTES].into();
    let mut stored = 0;
    loop {
        new.key = format!("id:{stored}");
        match inbox.keep_raw(new.clone()).await {
            Ok(_) => stored += 1,
            Err(_) => break,
        }
    }
    assert!(stored > 500, "{stored}");
    // As long as that delivery does not fit, neither does the empty batch that proves the opposite.
    store.put(Vec::new()).await.unwrap_err();
    let consumer = inbox.consumer("slow").concurrency(64).on_raw(|_, _| {
        let outcome = webhook_inbox::Outcome::done().note("n".repeat(400));
        std::future::ready(outcome)
    });
    let emptied = async {
        while inbox.backlog().await.unwrap()[0].pending + inbox.backlog().await.unwrap()[0].claimed > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let handled = consumer.run(emptied).await.unwrap();
    assert_eq!((handled.done, handled.lost), (stored, 0));
    assert_eq!(inbox.prune(&Prune::of(Filter::all())).await.unwrap(), stored);
    store.put(Vec::new()).await.unwrap();
    assert!(matches!(inbox.keep_raw(new).await.unwrap(), Kept::New(_)));
}
