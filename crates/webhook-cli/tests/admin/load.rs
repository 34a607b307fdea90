//! Measurements, run by hand: `cargo test --release -p webhook-cli --test admin -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use webhook_inbox::{Filter, Seq, Start, Steps};

use crate::process::Process;
use crate::store::{Store, keep_many};

const DELIVERIES: usize = 100_000;

/// How long the page takes beside the query of its list, with 100,000 deliveries in the store: on SQLite, and in the empty
/// database that `WEBHOOKS_TEST_POSTGRES` names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_page_opens_within_the_time_of_a_keyset_query() {
    println!("SQLite");
    measure(&Store::new()).await;
    if let Ok(url) = std::env::var("WEBHOOKS_TEST_POSTGRES") {
        println!("Postgres");
        measure(&Store::at(url)).await;
    }
}

async fn measure(store: &Store) {
    let inbox = store.open().await;
    inbox.register("tickets", Start::Oldest).await.unwrap();
    inbox.register("archive", Start::Oldest).await.unwrap();
    keep_many(&inbox, DELIVERIES).await;
    // One in a second until now; everything is done at one sink, and pending at the other.
    let now = Utc::now().timestamp_millis();
    store.receive_at(&format!("{now} - ({DELIVERIES} - seq) * 1000")).await;
    store.change("UPDATE dispatch SET state = 2 WHERE sink = 'archive'").await;
    let process = Process::start(&store.url, &[]);
    let newest = Filter::default().newest_first();
    let middle = Seq::new(i64::try_from(DELIVERIES / 2).unwrap());
    let mut query = Vec::new();
    for _ in 0..50 {
        let started = Instant::now();
        assert_eq!(inbox.list(&newest, Some(middle), 51).await.unwrap().len(), 51);
        query.push(started.elapsed());
    }
    let query = median(query);
    println!("keyset query of 51 rows: {query:?}");
    let time = |ago: i64| (Utc::now() - TimeDelta::seconds(ago)).format("%Y-%m-%dT%H:%M:%S").to_string();
    let in_the_middle = format!("from={}&before={}", time(50_600), time(50_000));
    let windows = [
        format!("/?from={0}&before={0}", time(200_000)),
        format!("/?from={}", time(10)),
        format!("/?from={}", time(90_000)),
        format!("/?before={}", time(90_000)),
        format!("/?{in_the_middle}"),
        format!("/?{in_the_middle}&vendor=qase"),
        format!("/?{in_the_middle}&event=none"),
        format!("/?before={}&event=none", time(50_000)),
        format!("/?before={}&state=done", time(50_000)),
    ];
    let paths = [
        "/livez",
        "/",
        "/?after=50000",
        "/?vendor=qase",
        "/?vendor=deepsource",
        "/?event=run.*",
        "/?event=run.started",
        "/?account=ORBIT",
        "/?state=pending",
        "/?state=claimed",
        "/?state=done",
        "/?state=dead",
        "/?sink=tickets",
        "/?sink=none",
        "/?key=99999",
        "/?key=none",
        "/live",
        "/deliveries/500",
    ];
    for path in paths.into_iter().chain(windows.iter().map(String::as_str)) {
        let times = (0..50).map(|_| {
            let started = Instant::now();
            assert_eq!(process.get(path).status, 200);
            started.elapsed()
        });
        let time = median(times.collect());
        println!("{path:75} {time:?}, {:.1} times the query", time.as_secs_f64() / query.as_secs_f64());
    }
    let started = Instant::now();
    inbox
        .received(Steps::new(Utc::now() - Duration::from_secs(86_400), Duration::from_secs(1_800), 48))
        .await
        .unwrap();
    println!("the plot: {:?}", started.elapsed());
    let started = Instant::now();
    inbox.backlog().await.unwrap();
    println!("the backlog: {:?}", started.elapsed());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
