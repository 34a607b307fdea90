//! The examples of the vendor crates against the bench.

#[path = "../../../monitorqa-webhooks/examples/actix.rs"]
mod actix_example;
#[expect(dead_code, reason = "an example is a program; only its receiver is looked at here")]
#[path = "../../../qase-webhooks/examples/axum.rs"]
mod axum_example;
#[expect(dead_code, reason = "an example is a program; only its receiver is looked at here")]
#[path = "../../../deepsource-webhooks/examples/lambda.rs"]
mod lambda_example;
#[expect(dead_code, reason = "an example is a program; only its receiver is looked at here")]
#[path = "../../../deepsource-webhooks/examples/plain_http.rs"]
mod plain_http_example;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use actix_web::web::Data;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;
use serde_json::json;
use webhook_core::Authenticated;
use webhook_testing::{Bench, Report, Target, tower, url};

use crate::vendors::{Deepsource, Monitorqa, Qase, Vendor};

/// Runs a bench, bounded in time.
async fn run<W: Authenticated>(bench: Bench<'_, W>, target: &impl Target) -> Report {
    tokio::time::timeout(Duration::from_secs(120), bench.run(target)).await.unwrap()
}

fn axum_app() -> axum_example::App {
    axum_example::App { qase: Qase::receiver(), inbox: axum_example::Inbox::default() }
}

async fn axum_in_memory() -> Report {
    let app = axum_app();
    let target = tower::<_, Body>(axum_example::router(app.clone()));
    run(Qase::bench().processed(|| app.inbox.len()), &target).await
}

async fn axum_over_a_socket() -> Report {
    let app = axum_app();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = url(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let server = tokio::spawn(axum::serve(listener, axum_example::router(app.clone())).into_future());
    let report = run(Qase::bench().processed(|| app.inbox.len()), &target).await;
    server.abort();
    report
}

fn actix_over_a_socket() -> Report {
    let receiver = Data::new(Monitorqa::receiver());
    let inbox = Data::new(actix_example::Inbox::default());
    let counted = inbox.clone();
    let app = move || {
        let app = actix_web::App::new().app_data(receiver.clone()).app_data(inbox.clone());
        app.configure(actix_example::routes)
    };
    actix_web::rt::System::new().block_on(async {
        let server = actix_web::HttpServer::new(app).workers(2).disable_signals();
        let server = server.bind(("127.0.0.1", 0)).unwrap();
        let target = url(&format!("http://{}", server.addrs()[0])).unwrap();
        let server = server.run();
        let stop = server.handle();
        let stopped = actix_web::rt::spawn(server);
        let report = run(Monitorqa::bench().processed(|| counted.len()), &target).await;
        stop.stop(false).await;
        stopped.await.unwrap().unwrap();
        report
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_axum_example_passes_in_memory_and_over_a_socket() {
    let report = axum_in_memory().await;
    assert_snapshot!("axum_qase", report);
    report.assert_passed();
    assert_eq!(axum_over_a_socket().await, report);
}

#[test]
fn the_actix_example_passes_over_a_socket() {
    let report = actix_over_a_socket();
    assert_snapshot!("actix_monitorqa", report);
    report.assert_passed();
}

#[tokio::test]
async fn the_plain_http_example_passes() {
    let receiver = Deepsource::receiver();
    let inbox = Mutex::new(plain_http_example::Inbox::new());
    let call = async |request: Request<Bytes>| -> Result<StatusCode, String> {
        let mut inbox = inbox.lock().unwrap();
        Ok(plain_http_example::serve(&receiver, &mut inbox, request.map(Vec::from)).status())
    };
    let report = run(Deepsource::bench().processed(|| inbox.lock().unwrap().len()), &call).await;
    assert_snapshot!("plain_http_deepsource", report);
    report.assert_passed();
}

#[tokio::test]
async fn the_lambda_example_passes() {
    let receiver = Deepsource::receiver();
    let inbox = Mutex::new(lambda_example::Inbox::new());
    // What the gateway does before it invokes the function.
    let call = async |request: Request<Bytes>| -> Result<StatusCode, String> {
        if request.method() != Method::POST {
            return Ok(StatusCode::NOT_FOUND);
        }
        let mut headers: HashMap<&str, String> = HashMap::new();
        for (name, value) in request.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            let joined = headers.get(name.as_str()).map(|first| format!("{first},{value}"));
            headers.insert(name.as_str(), joined.unwrap_or_else(|| value.into_owned()));
        }
        let body = STANDARD.encode(request.body());
        let event = json!({ "headers": headers, "body": body, "isBase64Encoded": true });
        let event = serde_json::from_value(event).unwrap();
        let status = lambda_example::handle(&receiver, &mut inbox.lock().unwrap(), event);
        Ok(StatusCode::from_u16(status).unwrap())
    };
    let report = run(Deepsource::bench().processed(|| inbox.lock().unwrap().len()), &call).await;
    assert_snapshot!("lambda_deepsource", report);
    report.assert_passed();
}
