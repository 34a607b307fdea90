//! The examples against the bench that users have for their own receivers.

#[path = "../../examples/actix.rs"]
mod actix_example;
#[expect(dead_code, reason = "an example is a program; only its receiver is looked at here")]
#[path = "../../examples/axum.rs"]
mod axum_example;

use std::time::Duration;

use actix_web::dev::Service;
use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use insta::assert_snapshot;
use webhook_core::samples::Sample;
use webhook_core::testing::{Bench, Report, Target, tower};
use webhook_core::{Authenticated, Secret};

use crate::vendors::{DEEPSOURCE_SECRET, QASE_SECRET, Vendor};

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

/// The axum example on the bench of one vendor.
fn axum_report<W: Vendor>() -> Report {
    let app = axum_example::App {
        qase: qase_webhooks::Receiver::new(secret(QASE_SECRET)),
        deepsource: deepsource_webhooks::Receiver::new(secret(DEEPSOURCE_SECRET)),
        inbox: axum_example::Inbox::default(),
    };
    let bench = Bench::new(W::samples(), secret(W::SECRET)).path(&W::path());
    let bench = bench.processed(|| app.inbox.len());
    let router = axum_example::router(app.clone());
    run(&bench, &tower::<_, axum::body::Body>(router))
}

/// Runs a bench, bounded in time.
fn run<W: Authenticated>(bench: &Bench<'_, W>, target: &impl Target) -> Report {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let patience = Duration::from_secs(60);
    runtime.block_on(async { tokio::time::timeout(patience, bench.run(target)).await }).unwrap()
}

#[test]
fn the_axum_example_passes_for_both_vendors() {
    let qase = axum_report::<qase_webhooks::Webhook>();
    assert_snapshot!("axum_qase", qase);
    qase.assert_passed();
    let deepsource = axum_report::<deepsource_webhooks::Webhook>();
    assert_snapshot!("axum_deepsource", deepsource);
    deepsource.assert_passed();
}

#[test]
fn the_actix_example_passes() {
    let samples: &'static [Sample<qase_webhooks::Webhook>] = qase_webhooks::samples::all();
    let report = actix_web::rt::System::new().block_on(async {
        let receiver = actix_web::web::Data::new(qase_webhooks::Receiver::new(secret(QASE_SECRET)));
        let app = actix_web::App::new().app_data(receiver).configure(actix_example::routes);
        let service = actix_web::test::init_service(app).await;
        let call = |request: Request<Bytes>| {
            let (head, body) = request.into_parts();
            let mut test = actix_web::test::TestRequest::with_uri(&head.uri.to_string())
                .method(head.method.as_str().parse().unwrap())
                .set_payload(body);
            for (name, value) in &head.headers {
                let value = actix_web::http::header::HeaderValue::from_bytes(value.as_bytes()).unwrap();
                test = test.append_header((name.as_str(), value));
            }
            let answer = service.call(test.to_request());
            async { answer.await.map(|answer| StatusCode::from_u16(answer.status().as_u16()).unwrap()) }
        };
        Bench::new(samples, secret(QASE_SECRET)).path("/qase").run(&call).await
    });
    assert_snapshot!("actix_qase", report);
    report.assert_passed();
}
