//! The sink `http`: what is sent, and what each answer means.

use std::time::{Duration, Instant};

use standardwebhooks::Webhook;
use webhook_inbox::sinks::{GONE_PAUSE, HttpSink, SigningSecret};
use webhook_inbox::{NewDelivery, State};

use crate::bench::{Bench, start};
use crate::server::{Answer, Server};

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OLD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn sink(server: &Server) -> HttpSink {
    HttpSink::to(&server.url()).unwrap().allow_private(true)
}

fn secret(text: &str) -> SigningSecret {
    SigningSecret::new(text).unwrap()
}

#[tokio::test]
async fn the_exact_bytes_arrive_and_every_attempt_verifies_under_one_id() {
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    let server = Server::start(|number, _| Answer::status(if number < 2 { 500 } else { 204 })).await;
    let handled =
        bench.drain(sink(&server).signed_with(secret(SECRET)).signed_with(secret(OLD_SECRET))).await;
    assert_eq!((handled.done, handled.retried), (1, 2));
    let body = bench.inbox.get(row.seq).await.unwrap().unwrap().body;
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for (number, request) in requests.iter().enumerate() {
        assert_eq!(request.body, body);
        assert_eq!(request.target, "/hook?from=inbox");
        for text in [SECRET, OLD_SECRET] {
            Webhook::new(text).unwrap().verify(&request.body, &request.headers).unwrap();
        }
        let stranger = Webhook::new("whsec_bm90IHRoZSBzZWNyZXQsIGJ1dCBsb25nIGVub3VnaA==").unwrap();
        assert!(stranger.verify(&request.body, &request.headers).is_err());
        assert_eq!(request.headers["webhook-id"], requests[0].headers["webhook-id"]);
        assert_eq!(request.headers["webhooks-attempt"], (number + 1).to_string());
        assert_eq!(request.headers["webhooks-event"], "run.completed");
        assert_eq!(request.headers["webhooks-vendor"], "qase");
        assert_eq!(request.headers["webhooks-key"], row.key);
        assert_eq!(request.headers["content-type"], "application/json");
    }
    assert_eq!(
        bench.notes().await,
        ["500 Internal Server Error", "500 Internal Server Error", "204 No Content"]
    );
}

/// A header of the user never replaces or contradicts one of the sink; a shorter length would cut the payload.
#[tokio::test]
async fn a_header_of_the_user_is_sent_and_one_of_the_sink_is_refused() {
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    let server = Server::status(204).await;
    for name in
        ["content-length", "transfer-encoding", "host", "content-type", "webhook-id", "webhooks-key", "ce-id"]
    {
        let refused = sink(&server).header(name.parse().unwrap(), "7".parse().unwrap()).unwrap_err();
        assert_eq!(refused.to_string(), format!("the header {name} is set by the sink itself"));
    }
    let name = "authorization".parse().unwrap();
    bench.drain(sink(&server).header(name, "Bearer of-a-test".parse().unwrap()).unwrap()).await;
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].headers["authorization"], "Bearer of-a-test");
    assert_eq!(requests[0].body, bench.inbox.get(row.seq).await.unwrap().unwrap().body);
}

#[tokio::test]
async fn ids_differ_between_deliveries_and_hostile_names_stay_inside_their_header() {
    let bench = Bench::new().await;
    let mut new = NewDelivery::raw("qase", &webhook_core::IdempotencyKey::vendor("a\r\nx-evil: 1 é"), "{}");
    new.event = Some("run.\ncompleted".to_owned());
    new.dedup = webhook_inbox::Dedup::Never;
    bench.keep(new.clone()).await;
    bench.keep(new).await;
    bench.keep_bytes("a").await;
    bench.keep_bytes("b").await;
    let server = Server::status(200).await;
    assert_eq!(bench.drain(sink(&server).signed_with(secret(SECRET))).await.done, 4);
    let requests = server.requests();
    let mut ids: Vec<_> = requests.iter().map(|request| request.headers["webhook-id"].clone()).collect();
    assert_eq!(requests[0].headers["webhooks-key"], "id:a%0D%0Ax-evil:%201%20%C3%A9");
    assert_eq!(requests[0].headers["webhooks-event"], "run.%0Acompleted");
    assert!(requests.iter().all(|request| !request.headers.contains_key("x-evil")));
    assert!(!requests[2].headers.contains_key("webhooks-event"));
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server = Server::start(|number, _| match number {
        0 => Answer::with(429, "retry-after: 2\r\n", "slow down"),
        _ => Answer::status(200),
    })
    .await;
    let started = Instant::now();
    assert_eq!(bench.drain(sink(&server)).await.done, 1);
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(bench.notes().await, ["429 Too Many Requests: slow down", "200 OK"]);
}

#[tokio::test]
async fn gone_pauses_the_sink_and_loses_nothing() {
    let bench = Bench::new().await;
    bench.keep_numbered(3).await;
    let server = Server::status(410).await;
    let running = start(bench.consumer(sink(&server)));
    let counts = bench.until(|counts| counts.paused_until.is_some() && counts.claimed == 0).await;
    assert_eq!((counts.pending, counts.dead), (3, 0));
    let left = counts.paused_until.unwrap() - chrono::Utc::now();
    assert!(left.to_std().unwrap() > GONE_PAUSE.mul_f64(0.99), "{left}");
    bench.keep_run().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(server.requests().len(), 1);
    running.stop().await;
    // Resumed by hand, everything comes.
    bench.inbox.pause("sink", Duration::ZERO).await.unwrap();
    let server = Server::status(200).await;
    assert_eq!(bench.drain(sink(&server)).await.done, 4);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let other = Server::status(200).await;
    let location = format!("location: {}\r\n", other.url());
    let server = Server::start(move |_, _| Answer::with(307, &location, "")).await;
    let running = start(bench.consumer(sink(&server)).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert!(other.requests().is_empty());
    assert_eq!(bench.notes().await, ["307 Temporary Redirect: redirects are not followed"]);
}

#[tokio::test]
async fn a_private_network_is_refused_unless_allowed() {
    let server = Server::status(200).await;
    for url in [server.url(), server.url().replace("127.0.0.1", "localhost")] {
        let bench = Bench::new().await;
        bench.keep_numbered(1).await;
        let running = start(bench.consumer(HttpSink::to(&url).unwrap()).max_attempts(1));
        bench.until(|counts| counts.dead == 1).await;
        running.stop().await;
        let notes = bench.notes().await;
        assert!(notes[0].contains("private network"), "{notes:?}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_receiver_that_hangs_is_left_after_the_time_limit() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server = Server::start(|_, _| Answer::Silence).await;
    let limit = Duration::from_millis(300);
    let running = start(bench.consumer(sink(&server).timeouts(limit, limit)).max_attempts(2));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert_eq!(bench.notes().await, ["no answer within 300ms"; 2]);
}

#[tokio::test]
async fn time_limits_may_be_as_long_as_a_duration() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server = Server::status(200).await;
    let sink = sink(&server).timeouts(Duration::MAX, Duration::MAX);
    let running = start(bench.consumer(sink).shutdown_grace(Duration::MAX).lease_time(Duration::MAX));
    bench.until(|counts| counts.done == Some(1)).await;
    assert_eq!(running.stop().await.done, 1);
    assert_eq!(bench.notes().await, ["200 OK"]);
}

/// What a receiver writes before its status is known: headers, interim answers, the digits of a number, all without an end.
#[tokio::test]
async fn an_answer_that_never_gets_to_its_end_of_head_is_left_and_takes_no_memory() {
    let limit = Duration::from_secs(2);
    for answer in [
        (|| Answer::Drip) as fn() -> Answer,
        || Answer::Again("200 OK\r\nx: y\r\nx: y\r\n"),
        || Answer::Again("100 Continue\r\n\r\nHTTP/1.1 "),
        || Answer::Again("0"),
        || Answer::Again("200 OK\r\ncontent-length: 99999999999999999999999999\r\n\r\nHTTP/1.1 "),
        || Answer::Again("200 OK\r\ntransfer-encoding: gzip\r\n\r\nHTTP/1.1 "),
    ] {
        let bench = Bench::new().await;
        bench.keep_numbered(1).await;
        let server = Server::start(move |_, _| answer()).await;
        let started = Instant::now();
        let running = start(bench.consumer(sink(&server).timeouts(limit, limit)).max_attempts(1));
        bench.until(|counts| counts.pending + counts.claimed == 0).await;
        running.stop().await;
        assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
        let notes = bench.notes().await;
        assert!(notes[0].len() <= 500, "{notes:?}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_success_and_is_not_read_to_its_end() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server = Server::start(|_, _| Answer::Endless).await;
    assert_eq!(bench.drain(sink(&server)).await.done, 1);
    let notes = bench.notes().await;
    assert!(notes[0].starts_with("200 OK: xxx") && notes[0].len() <= 500, "{notes:?}");
}

#[tokio::test]
async fn a_connection_that_ends_or_is_refused_or_speaks_no_http_is_tried_again() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server = Server::start(|number, _| match number {
        0 => Answer::Hangup,
        1 => Answer::Bytes("SSH-2.0-OpenSSH_9.9\r\n".to_owned()),
        _ => Answer::status(202),
    })
    .await;
    let handled = bench.drain(sink(&server)).await;
    assert_eq!((handled.done, handled.retried), (1, 2));
    let notes = bench.notes().await;
    assert!(notes[..2].iter().all(|note| note.starts_with("no answer: ")), "{notes:?}");

    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let running = start(
        bench.consumer(HttpSink::to("http://127.0.0.1:1/").unwrap().allow_private(true)).max_attempts(1),
    );
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    let notes = bench.notes().await;
    assert!(notes[0].contains("refused"), "{notes:?}");
}

#[tokio::test]
async fn what_is_in_flight_when_its_worker_dies_comes_again() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server =
        Server::start(|number, _| if number == 0 { Answer::Silence } else { Answer::status(200) }).await;
    let consumer =
        bench.consumer(sink(&server).signed_with(secret(SECRET))).lease_time(Duration::from_millis(200));
    let task = tokio::spawn(consumer.run(std::future::pending()));
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    task.abort();
    let _ = task.await;
    assert_eq!(bench.drain(sink(&server).signed_with(secret(SECRET))).await.done, 1);
    let requests = server.requests();
    assert_eq!(requests[0].headers["webhook-id"], requests[1].headers["webhook-id"]);
    assert_eq!(bench.state().await, State::Done);
}

#[tokio::test]
async fn a_body_that_was_pruned_is_not_sent_as_an_empty_one() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let server = Server::status(200).await;
    assert_eq!(bench.drain(sink(&server)).await.done, 1);
    let everything = webhook_inbox::Filter::all();
    bench.inbox.prune(&webhook_inbox::Prune::of(everything.clone())).await.unwrap();
    bench.inbox.replay(&everything, Some("sink")).await.unwrap();
    bench.drain(sink(&server)).await;
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_url_that_cannot_be_meant_is_refused_and_not_repeated() {
    for url in [
        "",
        "crm.example.com",
        "ftp://crm.example.com",
        "http://",
        "https://:hunter2@crm.example.com/",
        "https://me:hunter2@crm.example.com/",
        "http://a b/",
    ] {
        let error = HttpSink::to(url).unwrap_err().to_string();
        assert!(error.starts_with("the URL ") && !error.contains("hunter2"), "{url}: {error}");
    }
}
