//! The handlers for axum and actix-web, over a real socket.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use webhook_core::samples::SignedRequest;
use webhook_core::{Receiver, Secret};
use webhook_inbox::{Filter, Inbox, RejectedCount};

use crate::bench::Place;
use crate::faults::Faulty;

type Webhook = deepsource_webhooks::Webhook;

const SECRET: &str = "a secret of sixteen characters";

fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

fn receiver() -> Receiver<Webhook> {
    Receiver::new(secret())
}

/// Serves an inbox at `/hook` and says on which port.
fn serve(framework: &str, inbox: &Inbox) -> u16 {
    let inbox = inbox.clone();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    if framework == "axum" {
        let listener = TcpListener::from_std(listener).unwrap();
        let app = axum::Router::new().route("/hook", inbox.axum(receiver()));
        tokio::spawn(async move { axum::serve(listener, app).await });
    } else {
        std::thread::spawn(move || {
            let app = move || actix_web::App::new().service(inbox.actix("/hook", receiver()));
            let server =
                actix_web::HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap();
            actix_web::rt::System::new().block_on(server.run())
        });
    }
    port
}

/// Sends a request and returns the status and the body of the answer.
async fn send(port: u16, method: &str, headers: &[(&str, String)], body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut head = format!(
        "{method} /hook HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head.push_str("\r\n");
    // A server that has answered may close before it has read everything.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
    (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), body)
}

async fn post(port: u16, body: &str, secret: &Secret) -> (u16, String) {
    let request = SignedRequest::new::<Webhook>(body.to_owned(), secret);
    let mut headers = request.headers().to_vec();
    headers.push(("authorization", "Bearer hunter2".to_owned()));
    send(port, "POST", &headers, body.as_bytes()).await
}

fn body(id: usize, padding: usize) -> String {
    format!(
        r#"{{"id":"{id}","type":"test.event","createdAt":1770705612,"data":{{"test":true,"padding":"{}"}}}}"#,
        "x".repeat(padding)
    )
}

async fn a_genuine_delivery_is_answered_after_it_is_kept_and_everything_else_is_not(framework: &str) {
    let place = Place::sqlite();
    let (store, faults) = Faulty::over(place.options().open_store(&place.url).await.unwrap());
    let inbox = Inbox::over(store, place.options().deadline(Duration::from_secs(1)));
    let port = serve(framework, &inbox.at_route("production"));

    assert_eq!(post(port, &body(1, 0), &secret()).await, (200, String::new()));
    assert_eq!(post(port, &body(1, 0), &secret()).await, (200, String::new()));
    let rows = inbox.list(&Filter::all(), None, 9).await.unwrap();
    assert_eq!((rows.len(), rows[0].copies, rows[0].route.as_str()), (1, 2, "production"));
    assert_eq!(rows[0].headers, [("content-type".to_owned(), "application/json".to_owned())]);
    assert_eq!(inbox.get(rows[0].seq).await.unwrap().unwrap().body, body(1, 0));

    // Beyond the defaults of both frameworks, within the receiver's limit; and beyond that.
    let (within, beyond) = (body(2, 4 << 20), body(3, 6 << 20));
    assert_eq!(post(port, &within, &secret()).await.0, 200);
    assert_eq!(
        inbox.get(inbox.list(&Filter::all(), None, 9).await.unwrap()[1].seq).await.unwrap().unwrap().body,
        within
    );
    assert_eq!(post(port, &beyond, &secret()).await.0, 413);

    let forged = Secret::new("another secret of any length").unwrap();
    assert_eq!(post(port, &body(4, 0), &forged).await, (401, String::new()));
    assert_eq!(send(port, "POST", &[], body(4, 0).as_bytes()).await.0, 401);
    assert_eq!(send(port, "GET", &[], b"").await.0, 405);
    assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap().len(), 2);
    let rejected: Vec<(String, u64)> = inbox
        .metrics()
        .rejected
        .into_iter()
        .map(|RejectedCount { reason, count, .. }| (reason, count))
        .collect();
    let expected = [("body_too_large", 1), ("credential_missing", 1), ("credential_wrong", 1)];
    assert_eq!(rejected, expected.map(|(reason, count)| (reason.to_owned(), count)));

    // A store that is down, and one that does not answer.
    faults.down.store(true, Ordering::Relaxed);
    assert_eq!(post(port, &body(5, 0), &secret()).await, (503, String::new()));
    faults.down.store(false, Ordering::Relaxed);
    faults.silent.store(true, Ordering::Relaxed);
    let started = Instant::now();
    assert_eq!(post(port, &body(6, 0), &secret()).await.0, 503);
    assert!(started.elapsed() < Duration::from_secs(5));
    faults.silent.store(false, Ordering::Relaxed);
    while post(port, &body(6, 0), &secret()).await.0 != 200 {}
    assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn axum_answers_after_the_commit() {
    a_genuine_delivery_is_answered_after_it_is_kept_and_everything_else_is_not("axum").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn actix_answers_after_the_commit() {
    a_genuine_delivery_is_answered_after_it_is_kept_and_everything_else_is_not("actix-web").await;
}

/// What was answered before the server left is stored, and what was not answered may be.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_graceful_stop_what_was_answered_is_stored() {
    let place = Place::sqlite();
    let inbox = place.open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = axum::Router::new().route("/hook", inbox.axum(receiver()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        axum::serve(listener, app)
            .with_graceful_shutdown(async {
                let _ = stopped.await;
            })
            .await
    });
    let answered = Arc::new(std::sync::Mutex::new(Vec::new()));
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let answered = Arc::clone(&answered);
            tokio::spawn(async move {
                for number in 0..200 {
                    let id = client * 1000 + number;
                    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    drop(stream);
                    if post_if_open(port, &body(id, 0)).await == Some(200) {
                        answered.lock().unwrap().push(format!("id:{id}"));
                    }
                }
            })
        })
        .collect();
    while answered.lock().unwrap().len() < 50 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    inbox.close().await.unwrap();
    for client in clients {
        client.await.unwrap();
    }
    let inbox = place.open().await;
    let answered = answered.lock().unwrap().clone();
    assert!(answered.len() >= 50);
    for key in answered {
        assert_eq!(inbox.list(&Filter::default().key(key.clone()), None, 9).await.unwrap().len(), 1, "{key}");
    }
}

/// None where the server has gone.
async fn post_if_open(port: u16, body: &str) -> Option<u16> {
    let request = SignedRequest::new::<Webhook>(body.to_owned(), &secret());
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let mut head = format!(
        "POST /hook HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in request.headers() {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}
